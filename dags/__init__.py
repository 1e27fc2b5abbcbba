"""When things run: Airflow DAGs with thin bodies, and the few pieces of Airflow they share.

``ingest_backlinks.py``, ``ingest_rankings.py``, ``assess_penalty_risk.py`` and ``deliver_messages.py`` are the DAGs
(``.airflowignore`` lists them); ``assets.py``, ``arrivals.py``, ``fetching.py``, ``feeds.py``, ``delivery.py`` and
``defaults.py`` are what they share;
``metadata.py`` and ``run_once.py`` prepare Airflow's own database and run DAGs without a scheduler. Airflow is imported
only here.
"""
