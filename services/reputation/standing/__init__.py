"""How raters count: by time as a member, by path of invitation, and whether the operator named them anchors."""
