"""When things run: Airflow DAGs with thin bodies, and the few pieces of Airflow they share.

``ingest_backlinks.py``, ``ingest_rankings.py``, ``assess_penalty_risk.py``, ``deliver_messages.py`` and
``decide_alerts.py`` are the DAGs (``.airflowignore`` lists them); ``assets.py``, ``arrivals.py``, ``fetching.py``,
``feeds.py``, ``delivery.py``, ``deciding.py`` and ``defaults.py`` are what they share;
``metadata.py`` and ``run_once.py`` prepare Airflow's own database and run DAGs without a scheduler. Airflow is imported
only here.
"""
