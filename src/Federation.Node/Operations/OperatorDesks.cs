namespace Federation.Node.Operations;

/// <summary>Those who carry out what operators ask for.</summary>
internal sealed record OperatorDesks(
    PartnerDesk Partners,
    PolicyDesk Policies,
    PreviewDesk Previews,
    HistoryDesk History,
    ViewDesk Views,
    GroupDesk Groups,
    OverdueDesk Overdue,
    ClockDesk Clock,
    ClientDesk Clients,
    LedgerExporter Exporter,
    BackupDesk Backups,
    EvidenceDesk Evidence,
    ReconcileDesk Reconciliation);
