"""A small world for the demo and the tests (演示): servers on loopback, made papers, a season of mails."""
