"""What is told: decisions, alerts, referrals, reviews, notices, support, with their ids and cases (O1 to O4, T1 to T4)."""
