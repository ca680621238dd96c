using Larkspur.Emulator.State;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Emulator.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void Without_any_setting_the_documented_defaults_hold()
    {
        var settings = From([]);
        var app = Assert.Single(settings.Apps);
        Assert.Equal("http://127.0.0.1:8081", settings.Urls);
        Assert.Equal(("cli_a1b2c3d4e5f60718", "emulator-app-secret", "emulator-encrypt-key", "emulator-verification-token"),
            (app.AppId, app.AppSecret, app.EncryptKey, app.VerificationToken));
        Assert.Equal("http://127.0.0.1:8080/webhook/feishu", app.CallbackUrl);
    }

    [Theory]
    [InlineData("http://0.0.0.0:9000;http://x", null, "http://127.0.0.1:9000/webhook/feishu")]
    [InlineData("http://127.0.0.1:9000/", "", "")]
    [InlineData(null, "http://127.0.0.1:1/hook", "http://127.0.0.1:1/hook")]
    public void Events_go_to_the_gateway_unless_told_otherwise(string? gateway, string? callback, string expected) =>
        Assert.Equal(expected, From(new() { ["LARKSPUR_GATEWAY_URLS"] = gateway, ["LARKSPUR_EMULATOR_FEISHU_CALLBACK_URL"] = callback }).Apps[0].CallbackUrl);

    [Fact]
    public void An_empty_encrypt_key_means_none() => Assert.Equal("", From(new() { ["FEISHU_ENCRYPT_KEY"] = "" }).Apps[0].EncryptKey);

    [Fact]
    public async Task The_host_listens_where_its_settings_say_and_serves_the_web_client()
    {
        await using var app = EmulatorHost.Build(["--LARKSPUR_EMULATOR_URLS=http://127.0.0.1:0", "--LARKSPUR_EMULATOR_FEISHU_CALLBACK_URL="]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var page = await http.GetAsync(new Uri(app.Urls.Single()), TestContext.Current.CancellationToken);
        Assert.True(page.IsSuccessStatusCode);
        Assert.Equal(3, app.Services.GetRequiredService<EmulatorState>().People.Count);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    private static EmulatorSettings From(Dictionary<string, string?> values) => EmulatorSettings.From(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
}
