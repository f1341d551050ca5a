using Federation.Node.Exchange;

namespace Federation.Node.Operations;

/// <summary>Those who carry out what operators ask for.</summary>
internal sealed record OperatorDesks(
    PartnerDesk Partners,
    PolicyDesk Policies,
    PreviewDesk Previews,
    HistoryDesk History,
    ViewDesk Views,
    GroupDesk Groups,
    CommunityDesk Communities,
    RecordHolderDesk Holders,
    OverdueDesk Overdue,
    ClockDesk Clock,
    ScrubDesk Scrub,
    SubmissionDesk Submissions,
    ClientDesk Clients,
    LedgerExporter Exporter,
    BackupDesk Backups,
    ResetDesk Resets,
    ContactExporter Contacts,
    StretchExporter Outgoing,
    StretchImporter Incoming,
    BundleDesk Bundles,
    ReconcileDesk Reconciliation);
