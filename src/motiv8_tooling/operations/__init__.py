"""What the team does to an environment: deploy, check, roll back, tear down, restore, count the cost."""
