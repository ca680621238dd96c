using Larkspur.Gateway.Commands;
using Larkspur.Gateway.Commands.Plugins;
using Larkspur.Gateway.Common;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Commands;

/// <summary>Plug-ins that the settings name, and those that do not fit.</summary>
public sealed class PluginLoadingTests : IAsyncLifetime
{
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public ValueTask DisposeAsync() => _feishu.DisposeAsync();

    [Fact]
    public async Task An_assembly_that_the_settings_name_brings_its_commands()
    {
        await using var gateway = await StartAsync([GatewayProcess.DemoBot]);
        var push = new FeishuPush();
        await push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/审批演示"));
        Assert.Contains("采购申请", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        await push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("good morning"));
        Assert.Contains("good morning", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_all_of_them_is_told_at_once_with_other_settings()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-plugins-").FullName;
        try
        {
            var (gone, text) = (Path.Combine(folder, "gone.dll"), Path.Combine(folder, "text.dll"));
            await File.WriteAllTextAsync(text, "no assembly", TestContext.Current.CancellationToken);
            var failure = await Assert.ThrowsAsync<SettingsException>(() => StartAsync(
                [gone, text, typeof(SettingsException).Assembly.Location, GatewayProcess.DemoBot, GatewayProcess.DemoBot],
                ("LARKSPUR_TIME_ZONE", "Asia/Nowhere")));
            Assert.Collection(failure.Problems.Order(StringComparer.Ordinal),
                p => Assert.Contains("Asia/Nowhere", p, StringComparison.Ordinal),
                p => Assert.StartsWith($"Larkspur:Plugins:0: there is no file {gone}", p, StringComparison.Ordinal),
                p => Assert.StartsWith("Larkspur:Plugins:1: ", p, StringComparison.Ordinal),
                p => Assert.Contains("has no public class that implements IGatewayPlugin", p, StringComparison.Ordinal),
                p => Assert.StartsWith("Larkspur:Plugins:4: there is a plug-in \"demo-bot\" already", p, StringComparison.Ordinal));
            Assert.Contains(failure.Problems, p => p.EndsWith("text.dll is no .NET assembly", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("help", "which is taken by /help of the gateway itself")]
    [InlineData("new thing", "is no name")]
    [InlineData("/leave", "is no name")]
    [InlineData("", "is no name")]
    [InlineData("帮助", "which is taken by /help of the gateway itself")]
    public async Task A_name_that_is_taken_or_none_ends_the_start(string name, string reason)
    {
        var failure = await Assert.ThrowsAsync<SettingsException>(() => StartAsync([""], plugin: new Named("acme", name)));
        Assert.Contains(reason, Assert.Single(failure.Problems), StringComparison.Ordinal);
        Assert.Contains("the plug-in acme", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plug_in_may_have_the_name_of_a_command_that_is_switched_off()
    {
        await using var gateway = await StartAsync([""], ("Larkspur:Bot:Commands:Off:0", "WhoAmI"), new Named("acme", "whoami"));
        await new FeishuPush().SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/whoami"));
        Assert.Contains("its own", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plug_in_that_is_called_what_no_plug_in_may_be_or_fails_is_named()
    {
        var named = await Assert.ThrowsAsync<SettingsException>(() => StartAsync([""], plugin: new Named("Acme Ltd", "leave")));
        Assert.Contains("1 to 32 lower-case letters", named.Message, StringComparison.Ordinal);
        var failed = await Assert.ThrowsAsync<SettingsException>(() => StartAsync([""], plugin: new Named("acme", null)));
        Assert.Contains("the plug-in \"acme\" could not set itself up: no settings", failed.Message, StringComparison.Ordinal);
    }

    private Task<GatewayApp> StartAsync(string[] plugins, (string Name, string Value)? setting = null, IGatewayPlugin? plugin = null)
    {
        var settings = plugins.Select((file, i) => KeyValuePair.Create($"Larkspur:Plugins:{i}", (string?)file)).ToDictionary();
        if (setting is { } further) settings[further.Name] = further.Value;
        return GatewayApp.StartAsync(_feishu.Address, settings, configure: builder =>
        {
            if (plugin is not null) builder.AddGatewayPlugin(plugin);
        });
    }

    private sealed class Named(string name, string? command) : IGatewayPlugin
    {
        public string Name => name;

        public void Configure(PluginBuilder plugin)
        {
            if (command is null) throw new InvalidOperationException("no settings");
            plugin.AddCommand(_ => new Probe(command, [], (_, _) => ValueTask.FromResult(CommandReply.Text("its own"))));
        }
    }
}
