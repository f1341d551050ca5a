using System.ComponentModel.DataAnnotations;

namespace Federation.Node;

/// <summary>The settings of a node, read from `node.json`. A key that is not known is refused. Relative paths are below the node's directory.</summary>
internal sealed class NodeOptions
{
    /// <summary>The institute's id.</summary>
    /// <value>2 to 16 of [a-z0-9-]; required.</value>
    [Required, RegularExpression("^[a-z0-9-]{2,16}$")]
    public string Institute { get; set; } = "";

    /// <summary>The institute's name for people, shown on its card.</summary>
    /// <value>At most 128 characters; empty means the id.</value>
    [MaxLength(128)]
    public string DisplayName { get; set; } = "";

    /// <summary>Where partners connect.</summary>
    /// <value>The default is 127.0.0.1:7443.</value>
    public ListenerOptions PartnerListener { get; set; } = new() { Port = 7443 };

    /// <summary>Where the institute's own systems and operators connect.</summary>
    /// <value>The default is 127.0.0.1:7444.</value>
    public ListenerOptions OwnListener { get; set; } = new() { Port = 7444 };

    /// <summary>The addresses of the partner listener as partners reach it, put on the card.</summary>
    /// <value>At most 8, each host:port; without any, the listener's own address is put on the card.</value>
    [MaxLength(8)]
    public IList<string> Advertise { get; set; } = [];

    /// <summary>Where the database lies.</summary>
    /// <value>The default is "data".</value>
    [Required]
    public string DataDirectory { get; set; } = "data";

    /// <summary>
    /// The small database of the anchor, which remembers the largest head signed in each ledger. It belongs on another volume than the data,
    /// and never into the same backup: it is what finds out that the data went back in time.
    /// </summary>
    /// <value>The default is "anchor/anchor.db"; a lost file starts anew.</value>
    [Required]
    public string Anchor { get; set; } = "anchor/anchor.db";

    /// <summary>Where the node's keys and manifests lie.</summary>
    /// <value>The default is "keys".</value>
    [Required]
    public string KeysDirectory { get; set; } = "keys";

    /// <summary>The certificate of the institute's own authority, which issues the certificates of its clients (PEM).</summary>
    /// <value>The default is "own-ca/ca.pem".</value>
    [Required]
    public string OwnAuthority { get; set; } = "own-ca/ca.pem";

    /// <summary>The certificate of the own listener (PEM).</summary>
    /// <value>The default is "own-ca/server.pem".</value>
    [Required]
    public string OwnCertificate { get; set; } = "own-ca/server.pem";

    /// <summary>The key of that certificate (PEM).</summary>
    /// <value>The default is "own-ca/server.key".</value>
    [Required]
    public string OwnKey { get; set; } = "own-ca/server.key";

    /// <summary>The certificate of the client that is admitted as operator while the store has none (PEM).</summary>
    /// <value>The default is "clients/operator.pem"; read only while there is no operator.</value>
    public string FirstOperator { get; set; } = "clients/operator.pem";

    /// <summary>The most live records that are held from one partner; beyond it the node stops reading from that partner.</summary>
    /// <value>1 to 100,000,000; the default is 5,000,000.</value>
    [Range(1, 100_000_000)]
    public long MaxLiveRecordsPerPartner { get; set; } = 5_000_000;

    /// <summary>How long a superseded ledger entry keeps its row, with what decided it; its hash stays for ever.</summary>
    /// <value>0 to 36,500 days; the default is 365. Rows go only once the partner has receipted what superseded them.</value>
    [Range(0, 36_500)]
    public int AuditPeriodDays { get; set; } = 365;

    /// <summary>What is logged, and how.</summary>
    public LogOptions Log { get; set; } = new();
}
