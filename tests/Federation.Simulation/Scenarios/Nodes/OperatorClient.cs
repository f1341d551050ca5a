using Federation.Simulation.World;
using Federation.V1.Node;
using Grpc.Core;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>An institute's operator: adds the partners, some of them late, and changes their policies.</summary>
internal sealed class OperatorClient(
    NodeLife life, CallInvoker invoker, IReadOnlyList<Institute> partners, ReferenceModel model, SwarmPlan plan, Season season, Rng rng)
{
    private readonly OperatorService.OperatorServiceClient _client = new(invoker);
    private readonly PatientCaller _caller = new(life, rng, season);
    private readonly Dictionary<string, string> _policies = new(StringComparer.Ordinal);

    public async Task RunAsync()
    {
        foreach (var partner in partners)
        {
            if (plan.LatePartners && rng.Chance(0.4))
                await _caller.PauseAsync(plan.WriteEvery * 5);
            await AddAsync(partner);
            if (rng.Chance(0.9))
                await ApplyAsync(partner.Name, model.Intend(ModelPolicy.Draw(rng)));
        }

        while (plan.PolicyEvery > TimeSpan.Zero && !season.Calm)
        {
            await _caller.PauseAsync(plan.PolicyEvery);
            await ApplyAsync(rng.Pick(partners).Name, model.Intend(ModelPolicy.Draw(rng)));
        }

        season.Loops--;
    }

    /// <summary>Puts each policy in force once more, under a new epoch: everything is swept again.</summary>
    public async Task<bool> RepeatPoliciesAsync()
    {
        foreach (var (partner, policy) in _policies.ToList())
            await ApplyAsync(partner, policy);
        return true;
    }

    private async Task AddAsync(Institute partner)
    {
        var request = new AddPartnerRequest { Card = partner.Card, Share = true, Follow = true };
        var (_, refusal) = await _caller.CallAsync("add partner", deadline => _client.AddPartnerAsync(request, deadline: deadline));
        if (refusal is not null)
            life.World.Fail($"adding {partner.Name} is refused: {refusal}");
    }

    private async Task ApplyAsync(string partner, string policy)
    {
        var request = new ApplyPolicyRequest { Partner = partner, Policy = policy, FileName = "policy.yaml", Confirmed = true };
        var (_, refusal) = await _caller.CallAsync("apply policy", deadline => _client.ApplyPolicyAsync(request, deadline: deadline));
        if (refusal is not null)
            life.World.Fail($"the policy for {partner} is refused: {refusal}\n{policy}");
        _policies[partner] = policy;
    }
}
