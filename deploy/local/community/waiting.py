"""Introductions that wait for somebody."""

from deploy.local.community.script import Introduction, Said

HANNAH_ON = {
    "maeve": "We take a whole building down by hand next spring, and I'd like somebody to film it who doesn't hurry.",
    "lucia": "She has twelve tonnes of paper on a second floor and once asked me about it. I said not now; now I could.",
    "amara": "I am drawing a children's ward in timber and have never stood in one as a doctor. An hour would change the plan.",
    "suryani": "I'd like to stain larch with something that doesn't kill the stream behind the yard, and she has measured it.",
    "ruth": "I pay eleven drawers by the hour and have been told by two lawyers that both ways are wrong. I'd like to do it right.",
}
"""Why Hannah would like to meet each of them."""

WAITING = (
    Introduction(  # waits for Grace's yes
        voucher="priya",
        asker="ruth",
        sides=("ruth", "grace"),
        why_her="Grace employs forty people by the crate and, as Priya tells it, has found a way to pay them on quiet days too. I advise "
        "people who are paid by the task and would like to see one arrangement that works.",
        asked=5,
        vouched=3,
        show_why_her=True,
        words={
            "ruth": "Grace built the pay arrangement with her loaders at a kitchen table, and it has survived two bad harvests. Ask her "
            "what they refused; it's the best part of the story.",
            "grace": "Ruth is the lawyer who made three judges understand a courier's week. She is not looking for a client or a "
            "quarrel, she collects arrangements that are fair and explains them to others. I'd trust her with your books.",
        },
    ),
    Introduction(  # waits for Maeve's yes; Lucía has said hers
        voucher="elena",
        sides=("lucia", "maeve"),
        vouched=3,
        words={
            "lucia": "Maeve monta cine documental y tiene un oído finísimo para los datos que esconden a alguien. Cuéntale lo de las "
            "historias clínicas en papel de los pueblos: creo que ahí hay algo que os va a gustar a las dos.",
            "maeve": "Lucía has spent ten years turning handwritten village health records into something that can be studied, and she "
            "remembers the people in them. You once said you wanted a film about handwriting. I think this is it.",
        },
        said=(Said(by="lucia", day=2),),
    ),
    Introduction(  # waits for Grace's vouch
        voucher="grace",
        asker="valentina",
        sides=("valentina", "priya"),
        why_her="Los comités de agua del valle cobran casa por casa y en efectivo, y el tesorero es siempre el que menos duerme. Priya "
        "hizo que se pudiera pagar con un mensaje de texto, y quiero preguntarle qué falló al principio.",
        asked=1,
    ),
    Introduction(  # Grace's idea: it waits for both, and Amara asks her to correct a word
        voucher="grace",
        sides=("marisol", "amara"),
        vouched=7,
        words={
            "marisol": "Amara opera corazones y conoce las manos de sus enfermeras. Pregúntale por la vista y la espalda de tus tejedoras.",
            "amara": "Marisol keeps a health record of sixty weavers, eyes and backs. She'd like to know whether it is any use.",
        },
        said=(
            Said(
                by="amara",
                day=5,
                what="ask_correction",
                text="I don't operate on grown women's hearts, only on children's. For eyes and backs I'd bring a colleague along.",
            ),
        ),
    ),
    Introduction(  # waits for Lucía, whom Grace asked for a week
        voucher="lucia",
        asker="grace",
        sides=("grace", "elena"),
        why_her="Elena prints other people's data with the mistakes left in. Ours has some, and I'd like them found before a buyer does.",
        asked=3,
        days=7,
    ),
    Introduction(  # Ruth's first vouch: it waits for both
        voucher="ruth",
        sides=("maeve", "priya"),
        vouched=1,
        last_spoke={"maeve": "month", "priya": "longer"},
        words={
            "maeve": "Priya made three judges understand a payment delay. If your film needs someone to explain money, it's her.",
            "priya": "Maeve cuts films about work and never lets anyone explain what can be seen. You'd enjoy arguing with her.",
        },
    ),
    Introduction(  # Carmen has only met Grace: she can't vouch
        voucher="carmen",
        asker="ines",
        sides=("ines", "grace"),
        why_her="Grace construye cámaras frías con lo que hay a mano, y yo aíslo muros viejos con corcho. Creo que hacemos lo mismo.",
        asked=2,
    ),
    # Hannah has five asks open, as many as there can be.
    Introduction(voucher="carmen", asker="hannah", sides=("hannah", "maeve"), asked=3, why_her=HANNAH_ON["maeve"]),
    Introduction(voucher="elena", asker="hannah", sides=("hannah", "lucia"), asked=1, why_her=HANNAH_ON["lucia"]),
    Introduction(voucher="maria", asker="hannah", sides=("hannah", "amara"), asked=1, why_her=HANNAH_ON["amara"]),
    Introduction(
        voucher="elena",
        asker="hannah",
        sides=("hannah", "suryani"),
        asked=5,
        why_her=HANNAH_ON["suryani"],
        said=(Said(by="elena", day=3, what="decline", how="not_well_enough"),),
    ),
    Introduction(  # Ruth passed, which the others can't see
        voucher="elena",
        asker="hannah",
        sides=("hannah", "ruth"),
        asked=5,
        vouched=3,
        show_why_her=True,
        why_her=HANNAH_ON["ruth"],
        words={
            "hannah": "Ruth will read your contract before she says hello. Send it first, the whole of it.",
            "ruth": "Hannah calculates tall timber and pays her drawers by the hour. She wants to do it right and will listen.",
        },
        said=(Said(by="ruth", day=2, what="pass"),),
    ),
    # María stands behind five, as many as she can.
    Introduction(
        voucher="maria",
        sides=("ines", "amara"),
        vouched=5,
        words={
            "ines": "Amara trabaja en un hospital de ladrillo que quieren derribar. Necesita oír que se puede salvar.",
            "amara": "Inés saves buildings that others give up. Before they pull your east wing down, let her knock on the walls.",
        },
        said=(Said(by="amara", day=3, what="pass"),),
    ),
    Introduction(
        voucher="maria",
        sides=("ines", "marisol"),
        vouched=5,
        words={
            "ines": "Marisol va a abrir un segundo taller en una casa de adobe. Tú sabes qué pared se toca y cuál no.",
            "marisol": "Inés escucha las paredes antes de dibujar. Enséñale la casa de adobe antes de comprarla.",
        },
        said=(
            Said(by="ines", day=2),
            Said(by="marisol", day=1, what="ask_correction", text="No es otro taller: es una escuela, y el taller se queda donde está."),
            Said(
                by="maria",
                day=0,
                what="correct",
                words={
                    "ines": "Marisol va a abrir una escuela de telar en una casa de adobe. Tú sabes qué pared se toca y cuál no.",
                    "marisol": "Inés escucha las paredes antes de dibujar. Enséñale la casa de adobe antes de comprarla.",
                },
            ),
        ),
    ),
    Introduction(
        voucher="maria",
        sides=("hannah", "valentina"),
        vouched=3,
        words={
            "hannah": "Valentina knows where the ground will move when the water goes. You'd sleep better with her map under your towers.",
            "valentina": "Hannah levanta torres de madera y pregunta siempre por el suelo. Nadie le contesta como lo harías tú.",
        },
        said=(Said(by="hannah", day=2),),
    ),
    Introduction(
        voucher="maria",
        sides=("ines", "valentina"),
        vouched=3,
        words={
            "ines": "Valentina mide el agua que sube por los muros y sabe de dónde viene. Tu casco viejo la necesita.",
            "valentina": "Inés pelea con la humedad de casas de cuatro siglos. Tú le dirías en una hora de dónde viene el agua.",
        },
    ),
    Introduction(
        voucher="maria",
        sides=("amara", "valentina"),
        vouched=2,
        words={
            "amara": "Valentina is the one to ask whether a family's well is safe. She'll answer the family, not only you.",
            "valentina": "Amara atiende a niñas de tu valle y no sabe qué agua beben. Cuéntaselo tú, que lo has medido.",
        },
    ),
)
