"""How the first twelve know each other, in their own words."""

from deploy.local.community.script import Connection

CONNECTIONS = (
    Connection(
        requester="carmen",
        recipient="ines",
        how_met="work",
        where="La rehabilitación del edificio de la calle Heroísmo: tú llevabas la estructura de madera y nosotras las placas del tejado",
        why="Después de dos inviernos de obra sé cómo trabajas cuando algo se tuerce. Vamos a abrir tres tejados más en el casco "
        "viejo y quiero tenerte cerca antes de decidir cuáles.",
        closeness="worked_together",
        her_closeness="worked_together",
        asked=59,
        answered=58,
    ),
    Connection(
        requester="lucia",
        recipient="elena",
        how_met="study",
        where="Estadística en la Universitat de València, 2009: el seminario de los jueves que siempre acababa en la horchatería",
        why="Has pasado de corregirme los contrastes a publicarlos en portada. Me gustaría que lo de entonces no se quede en "
        "felicitarnos por los cumpleaños: tengo datos del hospital que merecen una buena pregunta.",
        closeness="know_well",
        her_closeness="know_well",
        asked=59,
        answered=58,
    ),
    Connection(
        requester="priya",
        recipient="grace",
        how_met="work",
        where="The pay-per-crate pilot in Machakos in 2023: your cold stores, our payments over plain text messages",
        why="We spent a harvest fixing each other's spreadsheets at midnight, and it worked. I'm designing the next version now and I "
        "don't want to do it without someone who knows what a market morning looks like.",
        closeness="worked_together",
        her_closeness="worked_together",
        asked=59,
        answered=57,
    ),
    Connection(
        requester="hannah",
        recipient="carmen",
        how_met="event",
        where="The timber and energy days in Pamplona, two years running; we shared the panel on roofs and argued about snow loads",
        why="Your members pay for buildings that mine only calculate. I'm planning a housing block with its own energy community and "
        "you are the person I trust to tell me where that goes wrong.",
        closeness="know_well",
        her_closeness="know_well",
        asked=58,
        answered=57,
    ),
    Connection(
        requester="lucia",
        recipient="amara",
        how_met="work",
        where="The European registry of congenital heart surgery: eighteen months of Tuesday calls about definitions",
        why="Our two hospitals finally count the same things in the same way. Before the funding ends I'd like us to plan what comes "
        "after it, and keep talking when no project obliges us to.",
        answer_to_her="I read the last twenty cases again, and then I walk round the block once, whatever the weather.",
        closeness="worked_together",
        her_closeness="worked_together",
        asked=58,
        answered=57,
    ),
    Connection(
        requester="grace",
        recipient="valentina",
        how_met="event",
        where="The dryland water residency in Marrakech: three weeks, one shared kitchen, and your map of the aquifer on the fridge",
        why="You explained to me why our boreholes fail in the order they do, and you were right about the fourth. We are choosing "
        "sites for next year and I'd value your eye on them.",
        closeness="know_well",
        her_closeness="know_well",
        asked=57,
        answered=56,
    ),
    Connection(
        requester="elena",
        recipient="maeve",
        how_met="work",
        where="The film about the Guadiana: I brought the well records and you cut them into something people could bear to watch",
        why="Nobody has ever been so polite and so merciless with my charts. There is a second part to that story, and before I "
        "start counting I'd like to hear what you think it is about.",
        closeness="worked_together",
        her_closeness="worked_together",
        asked=57,
        answered=56,
    ),
    Connection(
        requester="ruth",
        recipient="maeve",
        how_met="community",
        where="The Thursday clinic for freelancers at the Leeds Central Library, which we ran together for two winters",
        why="You moved home to Dublin and the clinic is not the same without your questions. I'm writing up what we learned about "
        "late payment and would love you to read it before anyone else does.",
        closeness="know_well",
        her_closeness="know_well",
        asked=56,
        answered=55,
    ),
    Connection(
        requester="marisol",
        recipient="valentina",
        how_met="community",
        where="La red de mujeres del desierto, desde el encuentro de Arica: tú hablabas de pozos y yo de teñir con poca agua",
        why="Con tus cuentas bajamos a la mitad el agua del teñido. Queremos hacerlo bien en el segundo taller y me gustaría "
        "consultarte antes de comprar nada, y contarte cómo va.",
        closeness="know_well",
        her_closeness="know_well",
        asked=56,
        answered=55,
    ),
    Connection(
        requester="elena",
        recipient="carmen",
        how_met="work",
        where="La serie sobre cooperativas eléctricas: nueve entrevistas, y la única gerente que nos enseñó las cuentas enteras",
        why="De aquella serie me quedó una deuda contigo: contar qué pasó dos años después. Me gustaría seguirlo de cerca, "
        "también cuando los números no acompañen.",
        closeness="know_well",
        her_closeness="know_well",
        asked=55,
        answered=54,
    ),
    Connection(
        requester="ruth",
        recipient="priya",
        how_met="work",
        where="The tribunal case of the couriers, where you explained to three judges what a payment delay costs a rider",
        why="You made a ledger understandable to people who had never waited for a wage. I keep meeting the same delay in other "
        "trades and would like to be able to ask you how the money really moves.",
        closeness="worked_together",
        her_closeness="worked_together",
        asked=55,
        answered=54,
    ),
    Connection(
        requester="amara",
        recipient="priya",
        how_met="neighbourhood",
        where="Number 14 and number 16, Brockley Rise: the shared fence, and the school run with your Meena and my Tobi",
        why="Five years of borrowing sugar and I only learned last month what you actually build. Families travel to my clinic from "
        "far away and pay in cash; I think you know how that could be kinder.",
        closeness="know_well",
        her_closeness="know_well",
        asked=54,
        answered=53,
    ),
    Connection(
        requester="ines",
        recipient="elena",
        how_met="event",
        where="La mesa redonda sobre ciudad y datos en la Alhóndiga, en marzo; tú moderabas y yo llevaba las maquetas",
        why="Hiciste la pregunta que nadie quería sobre los pisos vacíos del casco viejo. Estoy midiendo cuántos se pueden "
        "rehabilitar de verdad y creo que te interesará.",
        closeness="met",
        her_closeness="met",
        asked=53,
        answered=52,
    ),
)
