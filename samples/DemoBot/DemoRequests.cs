using Larkspur.Gateway.Commands.Plugins;
using Larkspur.Gateway.Inbox.Dispatch;

namespace Larkspur.Samples.DemoBot;

/// <summary>The requests, as values of the plug-in: what is added once cannot be decided twice, whoever clicks at the same time.</summary>
internal sealed class DemoRequests(PluginValues values)
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    public ValueTask<bool> AddAsync(IEffects effects, DemoRequest request) => values.AddAsync(effects, request.Id, request, Keep);

    public async ValueTask<DemoState?> FindAsync(IEffects effects, string id)
    {
        if (await values.FindAsync<DemoRequest>(effects, id) is not { } request) return null;
        var decision = await values.FindAsync<DemoDecision>(effects, Decided(id));
        return new DemoState(request, decision, await values.FindAsync<DemoMark>(effects, Asked(id)));
    }

    /// <returns>True for the first.</returns>
    public ValueTask<bool> DecideAsync(IEffects effects, string id, DemoDecision decision) =>
        values.AddAsync(effects, Decided(id), decision, Keep);

    /// <returns>True for the first.</returns>
    public ValueTask<bool> AskFinanceAsync(IEffects effects, string id, DemoMark mark) => values.AddAsync(effects, Asked(id), mark, Keep);

    private static string Decided(string id) => id + " decided";

    private static string Asked(string id) => id + " finance";
}
