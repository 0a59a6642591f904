"""Whom three of them look for, without a name: one waits, one is answered and the counterpart asked first, one gets a quiet no."""

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
    Need(
        asker="lucia",
        voucher="elena",
        looking_for="Busco a una periodista o editora que haya contado una vacuna sin asustar a nadie, para una campaña de barrio.",
        asked=2,
        declined=1,
    ),
)
