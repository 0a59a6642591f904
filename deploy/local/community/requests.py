"""Connection requests that wait, and those that came to nothing."""

from datetime import UTC, datetime

from deploy.local.community.script import Connection

_THIS_MONTH = datetime.now(UTC).day
"""So many days ago was the last of the month before: what had ended by then is weighed on the first."""

REQUESTS = (
    *(  # Amara asked three whom she only knew by name, each of whom said so; since the first she may be introduced only
        Connection(
            requester="amara",
            recipient=recipient,
            how_met="online",
            where=where,
            why=why,
            closeness="met",
            asked=_THIS_MONTH + 9,
            answered=_THIS_MONTH + 7,
            answer="decline",
            unknown=True,
            withdrawn=_THIS_MONTH + 1,
        )
        for recipient, where, why in (
            (
                "suryani",
                "The forum of small hospitals, where you answered a question about freezers on a boat",
                "Our samples travel two days by ferry. I'd like to know which of your freezers kept its cold when the generator stopped.",
            ),
            (
                "carmen",
                "The hearing on roof panels for hospitals, which I followed from the ward",
                "Our operating theatre must never wait for the sun. You spoke of batteries for schools, and I wonder what you'd put on a "
                "roof like ours.",
            ),
            (
                "ines",
                "The open evening of the architects' college, in the row behind you",
                "We have one corridor for visitors and for beds on their way to surgery. You moved a wall in a clinic once, and I want to "
                "ask what it cost.",
            ),
        )
    ),
    Connection(  # Hannah said no, and its time is over
        requester="lucia",
        recipient="hannah",
        how_met="event",
        where="La cena de la jornada de Valencia, en mesas distintas",
        why="Buscamos a alguien que calcule el archivo de historias clínicas: son doce toneladas de papel en una segunda planta.",
        closeness="met",
        asked=45,
        answered=44,
        answer="decline",
    ),
    Connection(  # Lucía never answered, and its time is over
        requester="ines",
        recipient="lucia",
        how_met="online",
        where="Un hilo sobre archivos en edificios antiguos",
        why="Estoy midiendo qué aguanta el suelo de un archivo y vi que el tuyo es de papel. Me gustaría preguntarte cuánto pesa.",
        closeness="not_met",
        asked=42,
    ),
    Connection(
        requester="amara",
        recipient="valentina",
        how_met="online",
        where="Your talk on fossil groundwater, which I watched on a night shift",
        why="One of our families comes from your valley and asked me whether the water is safe. I didn't know whom else to ask.",
        closeness="not_met",
        asked=20,
        answered=18,
        answer="withdraw",
    ),
    Connection(  # Marisol said no, which Ruth can't see
        requester="ruth",
        recipient="marisol",
        how_met="online",
        where="The comments under a talk on piece rates, where you said that a metre isn't a measure of work",
        why="I quote that sentence in every hearing. I'd be glad to tell you what the judges made of it.",
        closeness="not_met",
        asks_for="other",
        asked=20,
        answered=18,
        answer="decline",
    ),
    Connection(  # Ruth said no in a kind sentence, which Suryani has read
        requester="suryani",
        recipient="ruth",
        how_met="online",
        where="A radio programme on who pays for waiting, in which you took the questions of listeners",
        why="Here the boats wait for the ice and the women for the boats. I have three years of hours written down, and would like "
        "to know whether any court would look at them.",
        closeness="not_met",
        asked=12,
        answered=9,
        answer="decline",
        kind_answer="wish_you_well",
    ),
    Connection(
        requester="marisol",
        recipient="lucia",
        how_met="through_someone",
        where="Por Valentina, que nos sentó juntas en la comida del encuentro de Valencia del año pasado",
        why="Llevo un registro de la salud de las tejedoras, vista y espalda sobre todo, y no sé si lo que apunto sirve para algo. "
        "Contaste que eso es justo lo que ordenas en el hospital.",
        closeness="met",
        asked=1,
        question="¿Lo que apuntas lleva fecha y nombre de cada una, o son solo recuentos? De eso depende casi todo.",
        questioned=0,
    ),
    Connection(
        requester="hannah",
        recipient="grace",
        how_met="event",
        where="The low-carbon building week in Nairobi; you showed us round the cold store in Limuru on the last afternoon",
        why="Your insulation was better than anything on our programme. I'm detailing a timber cold room for a school kitchen and "
        "have three questions that only someone who runs one can answer.",
        closeness="met",
        met_at="Nairobi Low-Carbon Building Week",
        asks_for="twenty_minutes",
        asked=2,
        question="How cold does the school's room have to be, and for how many hours a day is there power?",
        questioned=1,
        reply="Four degrees, for milk and vegetables, and about fourteen hours. The rest has to come from the walls.",
        replied=0,
    ),
    Connection(
        requester="nora",
        recipient="amara",
        how_met="community",
        where="The mentors' evening of the engineering school in Rotterdam",
        why="Our drivers carry donor organs twice a month and I'd like to know what the last hour looks like from your side.",
        answer_to_her="I ring the driver and talk about anything but the road. Then I make tea that nobody drinks.",
        closeness="met",
        asked=0,
    ),
    Connection(
        requester="nora",
        recipient="ruth",
        how_met="online",
        where="Your column on waiting time, which our drivers pinned to the canteen door",
        why="They are right and I'd rather pay them for it than argue. I want to get the sums right before I promise anything.",
        closeness="not_met",
        asked=0,
    ),
    Connection(
        requester="nora",
        recipient="hannah",
        how_met="event",
        where="The warehouse fair in Gothenburg, in the queue for coffee",
        why="You said that a timber warehouse burns slower than a steel one falls. I am about to build one and would like to believe you.",
        closeness="met",
        asked=0,
    ),
    Connection(
        requester="joana",
        recipient="ines",
        how_met="event",
        where="La visita a la escuela de madera de Hondarribia, cuando subimos juntas a ver las vigas",
        why="La dirección pregunta si el tejado de la escuela aguanta ocho placas más. Explicaste tan bien cómo trabaja una viga que "
        "me gustaría preguntarte qué hay que mirar antes de llamar a nadie.",
        closeness="met",
        met_at="Jornada de Puertas Abiertas de Hondarribia",
        asks_for="twenty_minutes",
        asked=0,
    ),
    Connection(
        requester="joana",
        recipient="carmen",
        how_met="community",
        where="Las jornadas de escuelas rurales de Teruel; las placas de la nuestra son de Cierzo",
        why="Ahora las niñas leen el contador cada mañana. Me gustaría que lo vieras, y pedirte ideas para el invierno.",
        closeness="met",
        met_at="Jornadas de Escuelas Rurales de Teruel",
        asks_for="advice",
        asked=0,
    ),
    Connection(
        requester="suryani",
        recipient="amara",
        how_met="online",
        where="The seminar on hospital textiles, where we were the only two who stayed for the questions",
        why="You said that theatre linen is the last thing anybody budgets for. I dye cloth and would like to know what it must survive.",
        answer_to_her="I stir the vat that doesn't need it, so that my hands don't touch the one that does.",
        closeness="met",
        her_closeness="met",
        asked=42,
        answered=40,
    ),
)
