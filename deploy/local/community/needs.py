"""Whom four of them look for, without a name: one waits, one is answered and the counterpart asked first, one is met, one is declined."""

from deploy.local.community.script import Need

NEEDS = (
    Need(
        asker="marisol",
        voucher="maria",
        looking_for="Busco a una ingeniera que haya quitado la pelusa del aire de un taller textil sin tener que parar los telares.",
        asked=1,
    ),
    Need(
        asker="grace",
        voucher="marisol",
        looking_for="I look for an engineer who has brought clean, cold air into a room full of people and machines on very little power.",
        asked=3,
        answered=2,
        counterpart="maria",
        words={
            "grace": "María cleared the lint from the air above sixty looms and stopped none of them. Bring her your coldest numbers.",
            "maria": "Grace enfría lo que nadie pensaba que se podía enfriar, con sol y cajas. Creo que ya se hacen la misma pregunta.",
        },
    ),
    Need(  # Marisol said yes, and Catalina, who may ask nobody herself just now, is to say hers
        asker="catalina",
        voucher="valentina",
        looking_for="Busco a la dueña de un taller textil de los Andes que haya vendido fuera sin intermediarios, para ver sus cuentas.",
        asked=6,
        answered=4,
        counterpart="marisol",
        words={
            "catalina": "Marisol pesa la lana, el agua y las horas, y por eso sabe cuánto vale un poncho en Lyon. Empieza por escucharla.",
            "marisol": "Catalina conoce las ferias de Europa por dentro y esta vez no vende nada: quiere aprender de quien ya lo hizo.",
        },
        met=2,
    ),
    Need(
        asker="lucia",
        voucher="elena",
        looking_for="Busco a una periodista o editora que haya contado una vacuna sin asustar a nadie, para una campaña de barrio.",
        asked=2,
        declined=1,
    ),
)
