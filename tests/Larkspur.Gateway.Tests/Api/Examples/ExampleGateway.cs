using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Commands.Plugins;
using Larkspur.Gateway.Tests.Commands;
using Larkspur.Gateway.Tests.Payments;
using Larkspur.Gateway.Tests.People.SignIn.Providers;
using Larkspur.Gateway.Tests.Webhooks;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Api.Examples;

/// <summary>
/// Where the description's examples are sent: the emulated company of the demo, a gateway with all switched on, and a business system.
/// </summary>
internal sealed class ExampleGateway : EmulatedGateway
{
    private ExampleGateway(EmulatedGatewaySetup setup, (EmulatorApp, GatewayApp) running, WebhookReceiver erp, FakeIdp idp)
        : base(setup, running, erp, idp) => (Erp, Idp) = (erp, idp);

    public WebhookReceiver Erp { get; }

    public FakeIdp Idp { get; }

    /// <summary>Where a company's own data is.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("larkspur-examples-").FullName;

    public static async Task<ExampleGateway> StartAsync()
    {
        var erp = await WebhookReceiver.StartAsync();
        var setup = new EmulatedGatewaySetup
        {
            Settings = _ =>
            [
                new("LARKSPUR_ALLOW_PRIVATE_ADDRESSES", "127.0.0.0/8"), new("Larkspur:Outbox:FirstPause", "00:00:00.020"),
                new("Larkspur:Dispatch:RetryPauses:0", "00:00:00.010"), new("Larkspur:Dispatch:RetryPauses:1", "00:00:00.010"),
                new("Larkspur:Syncs:LookEvery", "00:00:00.1"),
            ],
            Configure = builder => builder.AddGatewayPlugin(new ProbePlugin()),
        };
        var gateway = new ExampleGateway(setup, await setup.StartAsync(), erp, await FakeIdp.StartAsync());
        await gateway.SetAsync((FeishuIntegration.Enabled, "true"), (FeishuIntegration.NotifyOnPr, "true"),
            (FeishuIntegration.PaymentWorkflow, "true"), (FeishuIntegration.ApprovalCode, PaymentFixture.ApprovalCode));
        return gateway;
    }

    protected override ValueTask EndAsync()
    {
        Directory.Delete(Folder, true);
        return ValueTask.CompletedTask;
    }
}
