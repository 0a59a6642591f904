"""How long what travels may be at the most. It is more than a member may write today, so that a rule can change and a contract stay; what
is longer never came from a service of ours, and is refused or given up."""

from typing import Annotated

from pydantic import Field

Line = Annotated[str, Field(max_length=200)]
"""A name, a headline, a place."""
Text = Annotated[str, Field(max_length=4000)]
"""Words of a member."""
LongText = Annotated[str, Field(max_length=16_000)]
"""A whole page: terms, rules."""
Word = Annotated[str, Field(max_length=64)]
"""A word of the machinery: a time zone, a language, a code."""
Address = Annotated[str, Field(max_length=320)]
"""An email address."""
Token = Annotated[str, Field(max_length=2000)]
"""A token or a session's secret."""
Number = Annotated[int, Field(le=1_000_000)]
"""A number that a sentence names."""
MOST_VERSIONS = 10_000_000
"""Changes of one aggregate: a version beyond it would keep every real change out for good."""
