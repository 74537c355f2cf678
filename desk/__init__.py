"""Where the two doors read, ask the policy, write the audit, and run the climb."""
