from . import guard, act, act_chain, act_feed, act_call, act_root, act_verify
from . import act_mixin
