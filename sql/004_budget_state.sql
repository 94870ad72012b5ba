-- How full budgets are after a cycle and what samplers have counted, written just before the cycle is recorded in the ledger.
CREATE TABLE budget_state (
  source_id INTEGER NOT NULL,
  cycle BIGINT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (source_id, cycle)
) WITHOUT ROWID;
