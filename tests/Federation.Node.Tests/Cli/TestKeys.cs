using Federation.Cli.Setup;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Node.Tests.Cli;

/// <summary>An institute's keys, made by the tool itself into a directory that goes with the test.</summary>
internal sealed class TestKeys : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly PartnerCard _card;

    public TestKeys(string institute)
    {
        var plan = new InstitutePlan { Location = _directory.Location, Institute = InstituteId.Parse(institute) };
        _card = InstituteKeys.Write(_directory.Location, plan, DateTimeOffset.UnixEpoch.AddYears(56));
    }

    public Digest Root => PartnerCards.Fingerprint(_card);

    public IEnumerable<SignedBytes> Manifests => _card.Manifests;

    public SignedBytes Sign(KeyPurpose purpose, string paeType, byte[] payload)
    {
        using var key = SigningKey.FromPem(File.ReadAllText(_directory.Inside($"{purpose.ToString().ToLowerInvariant()}.key")));
        return new SignedBytes { Payload = ByteString.CopyFrom(payload), Signature = ByteString.CopyFrom(key.Sign(paeType, payload)) };
    }

    public void Dispose() => _directory.Dispose();
}
