"""The core: questionnaires, interviews, contact policy, use cases and the ports they need."""
