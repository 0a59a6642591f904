"""Introductions that went well, by both their sides' word."""

from deploy.local.community.script import Introduction, Keeps, Outcome, Said

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
    Introduction(
        voucher="valentina",
        sides=("marisol", "suryani"),
        vouched=47,
        words={
            "marisol": "Suryani tiñe con la mitad del agua que tú, y hace dos años gastaba el doble. Pregúntale por el tercer baño.",
            "suryani": "Marisol dyes wool at 2,300 metres and writes down every litre. You two are the only dyers I know who measure.",
        },
        said=(Said(by="suryani", day=45), Said(by="marisol", day=44)),
        outcomes=(
            Outcome(by="suryani", day=30, thank_you="Three afternoons of blue. I have never talked so long about water."),
            Outcome(by="marisol", day=28),
        ),
    ),
    Introduction(
        voucher="elena",
        sides=("ruth", "lucia"),
        vouched=45,
        words={
            "ruth": "Lucía can read ten thousand time sheets and still remember one nurse. Ask her how a night shift disappears.",
            "lucia": "Ruth defiende a quien cobra por horas que nadie apunta. Necesita saber dónde se pierden, y tú lo ves cada día.",
        },
        said=(Said(by="ruth", day=44), Said(by="lucia", day=44)),
        outcomes=(
            Outcome(by="ruth", day=28, thank_you="She found the missing hours in an afternoon. They were in a column called other."),
            Outcome(by="lucia", day=26, thank_you="Por fin alguien que pregunta qué pasa después del dato."),
        ),
    ),
    Introduction(
        voucher="elena",
        sides=("amara", "maria"),
        vouched=44,
        words={
            "amara": "María knows the air in an operating theatre as you know a heart. Tell her about the cold beds.",
            "maria": "Amara opera a recién nacidas y sospecha del aire de su unidad. No busca culpables, busca a alguien que mida.",
        },
        said=(Said(by="amara", day=44), Said(by="maria", day=42)),
        outcomes=(
            Outcome(by="amara", day=26, thank_you="Bed four is warm. It was a vent nobody had opened since 1998."),
            Outcome(by="maria", day=26),
        ),
    ),
    Introduction(
        voucher="elena",
        sides=("hannah", "marisol"),
        vouched=42,
        words={
            "hannah": "Marisol needs a roof that can take hail and sixty looms under it. She has weighed everything.",
            "marisol": "Hannah calcula madera y no promete lo que no ha pesado. Tu tejado le va a gustar: llévale tus números.",
        },
        said=(Said(by="hannah", day=42), Said(by="marisol", day=38)),
        outcomes=(Outcome(by="hannah", day=20), Outcome(by="marisol", day=20)),
        keeps=(Keeps(by="hannah", day=19), Keeps(by="marisol", day=17, closeness="worked_together")),
    ),
    Introduction(
        voucher="elena",
        sides=("valentina", "carmen"),
        vouched=38,
        words={
            "valentina": "Carmen reparte entre cuatro mil lo que da el sol. Si alguien sabe cómo se decide a qué hora se bombea, es ella.",
            "carmen": "Valentina sabe cuándo baja el agua y cuánto cuesta subirla. Tus socias riegan: creo que les falta ella.",
        },
        said=(Said(by="valentina", day=36), Said(by="carmen", day=36)),
        outcomes=(
            Outcome(by="valentina", day=18, thank_you="Ahora el valle bombea a mediodía. Era así de fácil, y nadie lo había dicho."),
            Outcome(by="carmen", day=18),
        ),
    ),
    Introduction(
        voucher="elena",
        sides=("suryani", "maeve"),
        vouched=32,
        words={
            "suryani": "Maeve edits films about rivers and leaves the silence in. Show her the place where the two colours meet.",
            "maeve": "Suryani dyes cloth beside a river that changes colour by the hour. She hates being filmed. Go anyway.",
        },
        said=(Said(by="suryani", day=30), Said(by="maeve", day=30)),
        outcomes=(
            Outcome(by="suryani", day=5, thank_you="She came without a camera. That is why I said yes."),
            Outcome(by="maeve", day=3, thank_you="I spent four days by that river and filmed on the last. You knew."),
        ),
        keeps=(Keeps(by="suryani", day=2),),
    ),
)
