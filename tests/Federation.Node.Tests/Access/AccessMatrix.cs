namespace Federation.Node.Tests.Access;

/// <summary>
/// What each rpc needs, and what a caller who has it gets for an empty request. Every method that a node maps has a row here; one that
/// has none fails a test.
/// </summary>
internal static class AccessMatrix
{
    private const string Records = "/federation.node.v1.RecordsService/";
    private const string Operator = "/federation.node.v1.OperatorService/";
    private const string Exchange = "/federation.exchange.v1.ExchangeService/";

    /// <summary>The roles of which a client needs one, and the answer; no roles for the partner listener.</summary>
    public static IReadOnlyDictionary<string, (string[] Roles, string Answer)> Rows { get; } = new Dictionary<string, (string[], string)>
    {
        [Records + "PublishRecord"] = (["publisher"], "FIELD_INVALID"),
        [Records + "PublishRecords"] = (["publisher"], "OK"),
        [Records + "ReviseRecord"] = (["publisher"], "FIELD_INVALID"),
        [Records + "WithdrawRecord"] = (["publisher"], "FIELD_INVALID"),
        [Records + "EraseRecord"] = (["publisher"], "FIELD_INVALID"),
        [Records + "GetRecord"] = (["reader", "publisher"], "RECORD_NOT_FOUND"),
        [Records + "ListRecords"] = (["reader", "publisher"], "OK"),
        [Records + "WatchRecords"] = (["reader", "publisher"], "OK"),
        [Operator + "GetNode"] = (["operator"], "OK"),
        [Operator + "GetPartnerCard"] = (["operator"], "OK"),
        [Operator + "AddPartner"] = (["operator"], "SIGNATURE_INVALID"),
        [Operator + "ListPartners"] = (["operator"], "OK"),
        [Operator + "ResumePartner"] = (["operator"], "PARTNER_NOT_FOUND"),
        [Operator + "CheckPolicy"] = (["operator"], "POLICY_INVALID"),
        [Operator + "ApplyPolicy"] = (["operator"], "PARTNER_NOT_FOUND"),
        [Operator + "PreviewPolicy"] = (["operator"], "PARTNER_NOT_FOUND"),
        [Operator + "ListPolicies"] = (["operator"], "PARTNER_NOT_FOUND"),
        [Operator + "ListDisclosures"] = (["operator"], "PARTNER_NOT_FOUND"),
        [Operator + "ReplayDecision"] = (["operator"], "PARTNER_NOT_FOUND"),
        [Operator + "ViewAsPartner"] = (["operator"], "PARTNER_NOT_FOUND"),
        [Operator + "SetGroup"] = (["operator"], "FIELD_INVALID"),
        [Operator + "PreviewGroup"] = (["operator"], "FIELD_INVALID"),
        [Operator + "ListGroups"] = (["operator"], "OK"),
        [Operator + "GetClock"] = (["operator"], "OK"),
        [Operator + "ConfirmClock"] = (["operator"], "OK"),
        [Operator + "ListOverdue"] = (["operator"], "OK"),
        [Operator + "ExplainRecord"] = (["operator"], "PARTNER_NOT_FOUND"),
        [Operator + "ListQuarantined"] = (["operator"], "OK"),
        [Operator + "ListEvidence"] = (["operator"], "OK"),
        [Operator + "ExportLedger"] = (["operator"], "PARTNER_NOT_FOUND"),
        [Operator + "CreateBackup"] = (["operator"], "FIELD_INVALID"),
        [Operator + "ExportEvidence"] = (["operator"], "PARTNER_NOT_FOUND"),
        [Operator + "SignCheckpoint"] = (["operator"], "PARTNER_NOT_FOUND"),
        [Operator + "ReconcilePartner"] = (["operator"], "PARTNER_NOT_FOUND"),
        [Operator + "AddClient"] = (["operator"], "FIELD_INVALID"),
        [Operator + "ListClients"] = (["operator"], "OK"),
        [Operator + "RemoveClient"] = (["operator"], "CLIENT_NOT_FOUND"),
        ["/grpc.health.v1.Health/Check"] = (["reader", "publisher", "operator"], "OK"),
        ["/grpc.health.v1.Health/Watch"] = (["reader", "publisher", "operator"], "OK"),
        ["/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"] = (["operator"], "OK"),
        ["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = (["operator"], "OK"),
        [Exchange + "Hello"] = ([], "VERSION_UNSUPPORTED"),
        [Exchange + "Follow"] = ([], "LEDGER_NOT_FOUND"),
        [Exchange + "Acknowledge"] = ([], "LEDGER_NOT_FOUND"),
        [Exchange + "GetProof"] = ([], "LEDGER_NOT_FOUND"),
        [Exchange + "GetTile"] = ([], "LEDGER_NOT_FOUND"),
        [Exchange + "GetLiveSums"] = ([], "LEDGER_NOT_FOUND"),
        [Exchange + "GetEntries"] = ([], "LEDGER_NOT_FOUND"),
        [Exchange + "GetManifests"] = ([], "RECORD_NOT_FOUND"),
    };

    /// <summary>The rows of the own listener.</summary>
    public static IEnumerable<KeyValuePair<string, (string[] Roles, string Answer)>> Own => Rows.Where(r => r.Value.Roles.Length > 0);

    /// <summary>The rows of the partner listener.</summary>
    public static IEnumerable<KeyValuePair<string, (string[] Roles, string Answer)>> Partner => Rows.Where(r => r.Value.Roles.Length == 0);
}
