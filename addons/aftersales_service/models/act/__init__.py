from . import guard, act, act_chain, act_call, act_root, act_verify, act_mixin
