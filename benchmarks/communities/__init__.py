"""Does the product's rule of trust work in a real community? Simulated ones, made here, and gates that a rule must pass.

What is assumed of a community, every constant in `people.Assumptions`:

- **Growth.** Founders 3 (up to 100 members), 5 (up to 5,000) or 10 above. Everybody else has joined after two years, growth slowing from
  exponential to nothing (a logistic curve); five years in all.
- **Invitations.** Each member may invite three, and one more every 30 days. How much she invites is heavy-tailed (Pareto, α 2). 70% of
  those she invites come from her own circle. A circle is about 25 women; 30% belong to two.
- **Connections.** Nearly all have 3 to 40, median about 12: 55% within a circle, 25% with friends of friends, 20% anywhere; made some
  months after both have joined (exponential, mean 180 days). Each side has her closeness: better than `met` in half of the cases, the two
  correlated. How many connections a member has says nothing of how often she vouches.
- **Introductions.** How often a member vouches is lognormal (σ 1.1). She vouches for two women whom she knows better than `met`, who aren't
  connected and were never introduced. That comes to about one confirmed introduction a member in the five years.
- **Outcomes**, revealed 21 to 50 days later: 12% none, 6% of one side only. 5% of vouchers are poor: 25% of their introductions don't go
  well, of the others' .8%; then one side says so, both in half of the cases. Otherwise both found it worthwhile, and half of them connect.
- **Attacks** are made of invitations and introductions too, by accounts that are a year old at four years; nothing else is open to them.

Nobody leaves, nobody is reported, no newcomer's prior is given, and no member's answers depend on her friends'. A *tight* community invites
95% from the circle and has 85% of its connections there; a *sparse* one has a median of 7 connections, of which a third are close.
"""
