namespace Federation.Node.Tests.Infrastructure;

/// <summary>Policies for tests. Each allows practices, by which tests know that everything before has been dealt with.</summary>
internal static class TestPolicies
{
    public const string Everything = """
        version: 1
        ceiling: RED
        rules:
          - name: everything
            allow: {}
            show: [import_source]
            envelope: share
        """;

    public const string Green = """
        version: 1
        ceiling: GREEN
        rules:
          - name: green
            allow: {}
        """;

    public const string WithoutReproduction = """
        version: 1
        ceiling: AMBER
        rules:
          - name: most
            allow: {}
            withhold: [flaw_reproduction]
        """;

    public const string PracticesOnly = """
        version: 1
        ceiling: GREEN
        rules:
          - name: practices
            allow:
              kinds: [practice]
        """;

    public const string WithoutSecretTopic = """
        version: 1
        ceiling: GREEN
        rules:
          - name: all
            allow: {}
          - name: no-secret
            deny:
              topics: [secret]
        """;
}
