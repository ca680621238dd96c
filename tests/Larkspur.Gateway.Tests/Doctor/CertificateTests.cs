using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Doctor.Callbacks;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Doctor;

/// <summary>The public address's certificate is looked at, over real TLS.</summary>
public sealed class CertificateTests : IDisposable
{
    private const string Check = "certificate";
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly X509Certificate2 _root = ServedCertificate.Authority("Larkspur Test Root");

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task A_good_one_is_named_with_its_issuer_and_its_end()
    {
        await using var server = await ServedCertificate.StartAsync(_root, Now.AddDays(-10), Now.AddDays(80));
        await using var fixture = await StartAsync(server.Address);
        var check = await fixture.CheckAsync(Check);
        Assert.True(check.GetProperty("status").GetString() == "ok", check.ToString());
        var said = check.GetProperty("finding").GetProperty("en").GetString();
        Assert.Contains("issued by Larkspur Test Root", said, StringComparison.Ordinal);
        Assert.Contains(Now.AddDays(80).UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), said,
            StringComparison.Ordinal);
        Assert.Equal("trusted", check.GetProperty("detail").GetProperty("trust").GetString());
    }

    [Theory]
    [InlineData(-100, -1, "failed", "ended on")]
    [InlineData(1, 100, "failed", "is not valid before")]
    [InlineData(-60, 12, "warning", "ends within 12 days")]
    [InlineData(-60, 29, "warning", "ends within 29 days")]
    public async Task One_whose_time_is_over_or_nearly_so(int from, int until, string status, string words)
    {
        await using var server = await ServedCertificate.StartAsync(_root, Now.AddDays(from), Now.AddDays(until));
        await using var fixture = await StartAsync(server.Address);
        await fixture.FindsAsync(Check, status, words);
    }

    [Fact]
    public async Task One_for_another_name()
    {
        await using var server = await ServedCertificate.StartAsync(_root, Now.AddDays(-1), Now.AddDays(80), "other.example.com");
        await using var fixture = await StartAsync(server.Address);
        await fixture.FindsAsync(Check, "failed", "for another name (other.example.com)");
    }

    [Fact]
    public async Task One_that_vouches_for_itself_or_leads_to_a_root_that_nobody_knows()
    {
        await using (var own = await ServedCertificate.StartAsync(null, Now.AddDays(-1), Now.AddDays(80)))
        {
            await using var fixture = await StartAsync(own.Address);
            var check = await fixture.FindsAsync(Check, "failed", "self-signed");
            Assert.Contains("public authority", check.GetProperty("fix").GetProperty("en").GetString(), StringComparison.Ordinal);
        }

        using var company = ServedCertificate.Authority("Company Root");
        await using var server = await ServedCertificate.StartAsync(company, Now.AddDays(-1), Now.AddDays(80));
        await using var other = await StartAsync(server.Address);
        // The root is not sent along: it cannot be told whether it is a private one or an intermediate is missing.
        await other.FindsAsync(Check, "failed", "leads to no root");

        // Where no platform calls, it concerns people of the company alone.
        await using var quiet = await StartAsync(server.Address,
            new() { ["FEISHU_EVENT_MODE"] = "long_connection", ["FEISHU_ENCRYPT_KEY"] = null, ["FEISHU_VERIFICATION_TOKEN"] = null });
        await quiet.FindsAsync(Check, "warning", "leads to no root");
    }

    [Fact]
    public async Task Http_is_fine_inside_and_a_finding_outside()
    {
        await using var fixture = await StartAsync("http://127.0.0.1:1");
        Assert.Equal("skipped", (await fixture.CheckAsync(Check)).GetProperty("status").GetString());
        await fixture.SetAsync((FeishuIntegration.CallbackDomain, "http://93.184.216.34"));
        var check = await fixture.CheckAsync(Check);
        Assert.Equal("warning", check.GetProperty("status").GetString());
        Assert.Contains("in the clear", check.GetProperty("finding").GetProperty("en").GetString(), StringComparison.Ordinal);
        await fixture.SetAsync((FeishuIntegration.CallbackDomain, null));
        Assert.Equal("skipped", (await fixture.CheckAsync(Check)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_server_without_TLS_or_nobody_at_all()
    {
        await using var fixture = await StartAsync("https://127.0.0.1:1");
        await fixture.FindsAsync(Check, "warning", "connection refused");
        await fixture.SetAsync((FeishuIntegration.CallbackDomain, "https://" + fixture.Gateway.Address.Authority));
        await fixture.FindsAsync(Check, "failed", "does not complete a TLS handshake");
        await fixture.SetAsync((FeishuIntegration.CallbackDomain, "https://169.254.169.254"));
        await fixture.FindsAsync(Check, "warning", "where no gateway is");
    }

    private async Task<DoctorFixture> StartAsync(string address, Dictionary<string, string?>? settings = null)
    {
        var fixture = await DoctorFixture.StartAsync(settings, null, b => b.Services.AddSingleton(new TrustedRoots([_root])), app => app);
        await fixture.SetAsync((FeishuIntegration.CallbackDomain, address));
        return fixture;
    }
}
