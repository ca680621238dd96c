using Larkspur.Gateway.Commands.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Samples.DemoBot;

/// <summary>What <c>./larkspur demo</c> shows beside the gateway's own commands, loaded as any company's plug-in is.</summary>
public sealed class DemoBotPlugin : IGatewayPlugin
{
    /// <inheritdoc/>
    public string Name => "demo-bot";

    /// <inheritdoc/>
    public void Configure(PluginBuilder plugin)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        var requests = new DemoRequests(plugin.Values);
        var kind = plugin.OnCardAction<DemoClicks>("approval", clicks => clicks.HandleAsync).Kind;
        plugin.Services.AddSingleton(new DemoClicks(requests, kind));
        plugin
            .AddCommand(_ => new ApproveDemoCommand(requests, kind))
            .AddCommand<StreamDemoCommand>()
            .OnPlainMessage<EchoHandler>();
    }
}
