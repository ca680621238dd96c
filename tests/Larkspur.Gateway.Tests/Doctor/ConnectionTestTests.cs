using Larkspur.Gateway.Settings;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Doctor;

/// <summary>"Test Connection": credentials are tried before anybody stores them, and nothing of them stays.</summary>
public sealed class ConnectionTestTests : IAsyncLifetime
{
    private DoctorFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await DoctorFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Right_credentials_pass_every_check_of_the_connection()
    {
        var report = await _fixture.PostAsync("connections/test", new { app_id = GatewayApp.AppId, app_secret = GatewayApp.AppSecret, brand = "feishu" });
        Assert.True(report.GetProperty("status").GetString() == "ok", report.ToString());
        Assert.Equal(["clock", "credentials", "token_kind", "bot", "app_version", "scopes", "superfluous_scopes"],
            report.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("id").GetString()!));
    }

    [Fact]
    public async Task A_wrong_secret_is_found_and_kept_nowhere()
    {
        const string secret = "a-secret-that-nobody-stores";
        var before = _fixture.Gateway.Services.GetRequiredService<ISettings>().Now.Version;
        var report = await _fixture.PostAsync("connections/test", new { app_id = GatewayApp.AppId, app_secret = secret });
        var check = DoctorFixture.Of(report, "credentials");
        Assert.Equal("failed", check.GetProperty("status").GetString());
        Assert.NotEqual("", check.GetProperty("fix").GetProperty("en").GetString());
        Assert.DoesNotContain(secret, report.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, _fixture.Gateway.Logs.Text, StringComparison.Ordinal);
        Assert.Equal(before, _fixture.Gateway.Services.GetRequiredService<ISettings>().Now.Version);
        using var last = await _fixture.Gateway.Http.GetAsync(new Uri("/api/v1/doctor", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(404, (int)last.StatusCode);
    }

    [Fact]
    public async Task Scopes_are_judged_by_what_the_app_is_meant_for()
    {
        await _fixture.ScopesAsync(new { revoke = new[] { "approval:instance" } });
        Assert.Equal("failed", await ScopesAsync("payments"));
        Assert.Equal("ok", await ScopesAsync("notifications"));

        async Task<string?> ScopesAsync(string feature) => DoctorFixture.Of(await _fixture.PostAsync("connections/test",
            new { app_id = GatewayApp.AppId, app_secret = GatewayApp.AppSecret, features = new[] { feature } }), "scopes").GetProperty("status").GetString();
    }

    [Theory]
    [InlineData("""{"app_secret":"x"}""", 400, "/app_id")]
    [InlineData("""{"app_id":"cli_x"}""", 400, "/app_secret")]
    [InlineData("""{"app_id":"cli_x","app_secret":"y","brand":"wecom"}""", 422, "/brand")]
    [InlineData("""{"app_id":"nobody","app_secret":"y"}""", 422, "/app_id")]
    [InlineData("""{"app_id":"cli_\u0000","app_secret":"y"}""", 422, "/app_id")]
    [InlineData("""{"app_id":"cli_x","app_secret":"y\n"}""", 200, null)]
    [InlineData("""{"app_id":"cli_x","app_secret":"y\nz"}""", 422, "/app_secret")]
    [InlineData("""{"app_id":"cli_x","app_secret":"y","features":["coffee"]}""", 422, "/features")]
    [InlineData("""{"app_id":"cli_x","app_secret":"y","store":true}""", 400, "/store")]
    [InlineData("""{"app_id":5,"app_secret":"y"}""", 400, "/app_id")]
    public async Task Bad_input_is_refused_by_its_field(string body, int status, string? pointer)
    {
        var answer = await _fixture.PostAsync("connections/test", body, status);
        if (pointer is not null) Assert.Equal(pointer, answer.GetProperty("pointer").GetString());
    }
}
