"""Step 6: by the same link a copy, an objection and an erasure."""

from deploy.local.demo.copying import take_copy
from deploy.local.demo.erasing import erase
from deploy.local.demo.objecting import object_to_news
from deploy.local.demo.story import Story


async def leave(story: Story) -> str:
    """All three, in the order in which a person would."""
    return "; ".join([await take_copy(story), await object_to_news(story), await erase(story)])
