// Reads a list of objects from stdin and writes what is wrong with each, by the validators of @kubernetes-models.
// Those let unknown fields pass. But they read every field that they know, so what nobody read is a field that nobody knows.
import { readFileSync } from 'node:fs'

const PACKAGES = { 'gateway.networking.k8s.io': 'gateway-api', 'postgresql.cnpg.io': 'cloudnative-pg' }

function watched(value, path, unread) {
  if (typeof value !== 'object' || value === null) return value
  const copy = Array.isArray(value) ? [] : {}
  for (const [key, inner] of Object.entries(value)) {
    copy[key] = watched(inner, `${path}.${key}`, unread)
    if (!Array.isArray(value)) unread.add(`${path}.${key}`)
  }
  return new Proxy(copy, {
    get(target, key) {
      unread.delete(`${path}.${String(key)}`)
      return target[key]
    },
  })
}

async function problems(thing) {
  const name = `@kubernetes-models/${PACKAGES[thing.apiVersion.split('/')[0]]}/${thing.apiVersion}/${thing.kind}`
  const kind = await import(name).then((module) => module[thing.kind], () => null)
  if (!kind) return [`there is no schema for ${thing.apiVersion} ${thing.kind}`]
  const unread = new Set()
  try {
    kind.prototype.validate.call(watched(thing, '', unread))
  } catch (error) {
    return [error.message]
  }
  return [...unread].map((path) => `unknown field ${path.slice(1)}`)
}

console.log(JSON.stringify(await Promise.all(JSON.parse(readFileSync(0, 'utf8')).map(problems))))
