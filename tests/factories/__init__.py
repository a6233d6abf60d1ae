"""One factory a model. Traits name the states that tests ask for."""

from tests.factories.archive import *  # noqa: F403
from tests.factories.cms import *  # noqa: F403
from tests.factories.decisions import *  # noqa: F403
from tests.factories.disputes import *  # noqa: F403
from tests.factories.gate import *  # noqa: F403
from tests.factories.lists import *  # noqa: F403
from tests.factories.profiles import *  # noqa: F403
from tests.factories.reports import *  # noqa: F403
from tests.factories.rules import *  # noqa: F403
from tests.factories.watches import *  # noqa: F403
