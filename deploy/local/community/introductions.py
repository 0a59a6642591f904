"""Their introductions: some went well, some wait for somebody, some came to nothing."""

from deploy.local.community.script import Introduction, Outcome, Said

WENT_WELL = (
    Introduction(
        voucher="carmen",
        asker="hannah",
        sides=("hannah", "ines"),
        why_her="I've seen photographs of the joints Inés saved in Calle Heroísmo. I have a warehouse from 1890 with the same problem and "
        "nobody near me has ever repaired one instead of replacing it.",
        asked=52,
        vouched=51,
        show_why_her=True,
        words={
            "hannah": "Inés is the most patient architect I know with what is already built. Ask her about the joints before you "
            "show her your calculations; she thinks with her hands and she will want to see the wood.",
            "ines": "Hannah calcula estructuras de madera que a mí me parecían imposibles y te dice con franqueza lo que no sabe. "
            "Tiene un almacén de 1890 entre manos y busca a alguien que repare antes de sustituir: pensé en ti.",
        },
        said=(Said(by="ines", day=50),),
        outcomes=(
            Outcome(
                by="hannah",
                day=38,
                thank_you="We spent a day in the warehouse with torches. Four joints stay. Thank you for knowing us both.",
            ),
            Outcome(by="ines", day=36, thank_you="Hannah vino a Bilbao con sus cálculos y nos fuimos con un proyecto. Gracias, Carmen."),
        ),
    ),
    Introduction(
        voucher="lucia",
        sides=("elena", "amara"),
        vouched=49,
        words={
            "elena": "Amara opera corazones de niñas y niños y lleva el registro que dice cómo les va después. No promete cifras que no "
            "tiene. Si alguna vez quieres contar bien la cirugía infantil, empieza por ella.",
            "amara": "Elena and I studied statistics together. She publishes health data without frightening anyone and sends her "
            "workings to whoever asks. I would trust her with our registry's first public figures.",
        },
        said=(Said(by="amara", day=49), Said(by="elena", day=47)),
        outcomes=(
            Outcome(
                by="elena", day=32, thank_you="Una hora de conversación y ya sé qué no voy a publicar, que es lo mejor que me podía pasar."
            ),
            Outcome(
                by="amara", day=32, thank_you="She asked better questions than our review board. We are writing the definitions together."
            ),
        ),
    ),
    Introduction(
        voucher="valentina",
        asker="marisol",
        sides=("marisol", "grace"),
        why_her="Grace mantiene el frío con sol donde la red se corta cada tarde. Nosotras perdemos tintes por el calor y quiero "
        "aprender de alguien que ya lo resolvió, aunque sea con verduras y no con lana.",
        asked=45,
        vouched=44,
        show_why_her=True,
        words={
            "marisol": "Grace conoce cada tornillo de sus cámaras y te hablará de lo que falló antes que de lo que funciona. "
            "Llévale preguntas concretas: cuántos litros, cuántas horas, qué temperatura.",
            "grace": "Marisol runs a weaving workshop at 2,300 metres with sixty women and very little water. She measures everything "
            "and wastes nobody's time. Her dyes spoil in the heat, and your small cold boxes may be the answer.",
        },
        said=(Said(by="grace", day=42),),
        outcomes=(
            Outcome(by="marisol", day=28, thank_you="Ya tenemos la primera caja fría dibujada. Y una amiga en Nairobi."),
            Outcome(
                by="grace",
                day=24,
                thank_you="Marisol's sketches solved a lid we had fought with for a year. Thank you for seeing the link.",
            ),
        ),
    ),
)

OVER_OR_ASKED_ABOUT = (
    Introduction(  # Elena has only met Inés: it ended unanswered
        voucher="elena",
        asker="ines",
        sides=("ines", "maeve"),
        why_her="Maeve monta documentales sobre quién decide en un barrio, y nosotras tenemos tres años grabados de una obra hecha con las "
        "vecinas. Querría saber si ahí hay una película o solo un recuerdo.",
        asked=42,
    ),
    Introduction(  # Ruth passed, quietly
        voucher="priya",
        asker="amara",
        sides=("amara", "ruth"),
        why_her="Two of our night nurses are paid through an agency that loses their hours. I don't need a case, I need to understand what "
        "they could ask for, from someone who does this every week.",
        asked=32,
        vouched=30,
        words={
            "amara": "Ruth will tell you in ten minutes what a leaflet hides in ten pages. She is very busy before hearings, so say early "
            "what you need and by when.",
            "ruth": "Amara is my neighbour, a children's heart doctor, and she never asks for anything for herself. This is for "
            "two nurses she works nights with; she wants to understand, not to start a case.",
        },
        said=(Said(by="ruth", day=28, yes=False),),
    ),
    Introduction(  # both asked now how it went; Maeve has answered
        voucher="elena",
        asker="maeve",
        sides=("maeve", "carmen"),
        why_her="I'm looking for one cooperative whose meetings I may film when they disagree, not only when they cut a ribbon. Everything "
        "Elena has told me about Cierzo makes me think they would let me.",
        asked=28,
        vouched=26,
        show_why_her=True,
        words={
            "maeve": "Carmen will say no three times, and the fourth time she will open the room. She keeps nothing from her members, so "
            "she will ask you to show them the film first. Say yes.",
            "carmen": "Maeve montó conmigo lo del Guadiana y cortó mi mejor gráfico porque no hacía falta; tenía razón. "
            "Busca una cooperativa a la que filmar también cuando discute. No te hará quedar bien ni mal.",
        },
        said=(Said(by="carmen", day=24),),
        outcomes=(Outcome(by="maeve", day=2, thank_you="She said no three times, as you promised. We start filming in January."),),
    ),
)

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
)

INTRODUCTIONS = (*WENT_WELL, *OVER_OR_ASKED_ABOUT, *WAITING)
