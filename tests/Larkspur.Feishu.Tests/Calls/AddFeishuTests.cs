using Larkspur.Feishu.Events;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Larkspur.Feishu.Tests.Calls;

public sealed class AddFeishuTests
{
    [Fact]
    public void Several_apps_live_side_by_side()
    {
        ServiceProvider services = new ServiceCollection()
            .AddFeishu(o => (o.AppId, o.AppSecret) = ("cli_default", "s"))
            .AddFeishu("hr", o => (o.AppId, o.AppSecret, o.Brand) = ("cli_hr", "s", FeishuBrand.Lark))
            .BuildServiceProvider();

        var clients = services.GetRequiredService<PlatformClients<FeishuClient>>();
        Assert.Equal(["", "hr"], clients.Names);
        Assert.Same(clients.Default, services.GetRequiredService<FeishuClient>());
        Assert.Same(clients.Get("hr"), services.GetRequiredKeyedService<FeishuClient>("hr"));
        Assert.Equal("cli_hr", clients.Get("hr").Options.AppId);
        Assert.NotNull(services.GetRequiredService<FeishuEventReceiver>());
        Assert.NotSame(services.GetRequiredService<FeishuEventReceiver>(), services.GetRequiredKeyedService<FeishuEventReceiver>("hr"));
        Assert.Contains("hr", Assert.Throws<InvalidOperationException>(() => clients.Get("sales")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_app_can_be_registered_once()
        => Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddFeishu("a", _ => { }).AddFeishu("a", _ => { }));

    [Fact]
    public async Task All_problems_are_told_at_start_each_with_its_key()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Work:Feishu:AppSecret"] = " s", ["Work:Feishu:BaseUrl"] = "ftp://x", ["Work:Feishu:MaxAttempts"] = "0", ["Work:Feishu:RateFactor"] = "0", ["Work:Feishu:CallTimeout"] = "-00:00:01",
            ["Work:Feishu:EncryptKey"] = "key ", ["Work:Feishu:VerificationToken"] = "\nvt",
        }).Build();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddFeishu(configuration.GetSection("Work:Feishu"));
        using IHost host = builder.Build();

        var problems = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal(8, problems.Failures.Count());
        foreach (string key in new[] { "AppId", "AppSecret", "BaseUrl", "MaxAttempts", "RateFactor", "CallTimeout", "EncryptKey", "VerificationToken" })
        {
            Assert.Contains(problems.Failures, f => f.StartsWith($"Work:Feishu:{key} ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_client_made_by_hand_checks_its_options_too()
        => Assert.Contains("AppSecret", Assert.Throws<ArgumentException>(() => new FeishuClient("cli_a", "")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(FeishuBrand.Feishu, FeishuHost.OpenApi, "https://open.feishu.cn")]
    [InlineData(FeishuBrand.Lark, FeishuHost.OpenApi, "https://open.larksuite.com")]
    [InlineData(FeishuBrand.Feishu, FeishuHost.Accounts, "https://accounts.feishu.cn")]
    [InlineData(FeishuBrand.Lark, FeishuHost.Passport, "https://passport.larksuite.com")]
    [InlineData(FeishuBrand.Feishu, FeishuHost.Approval, "https://www.feishu.cn")]
    public async Task Each_brand_has_its_hosts(FeishuBrand brand, FeishuHost host, string address)
        => Assert.Equal($"{address}/open-apis/x", await AddressAsync(new() { AppId = "a", AppSecret = "s", Brand = brand }, host));

    [Fact]
    public async Task A_base_address_serves_every_host_that_has_none_of_its_own()
    {
        var options = new FeishuOptions { AppId = "a", AppSecret = "s", BaseUrl = new("http://127.0.0.1:8081/"), AccountsUrl = new("http://localhost:9/sub/") };
        Assert.Equal("http://127.0.0.1:8081/open-apis/x", await AddressAsync(options, FeishuHost.Approval));
        Assert.Equal("http://localhost:9/sub/open-apis/x", await AddressAsync(options, FeishuHost.Accounts));
    }

    private static async Task<string> AddressAsync(FeishuOptions options, FeishuHost host)
    {
        using var handler = new Recorder();
        using var http = new HttpClient(handler);
        await new FeishuClient(options, http).SendAsync(
            new FeishuRequest(new() { Id = "x", Method = HttpMethod.Get, Path = "/open-apis/x", Host = host, Tokens = FeishuTokenKinds.None }),
            cancellationToken: TestContext.Current.CancellationToken);
        return handler.Address!;
    }

    /// <summary>The public hosts cannot be reached in a test: this stands where the network begins.</summary>
    private sealed class Recorder : HttpMessageHandler
    {
        public string? Address { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Address = request.RequestUri!.AbsoluteUri;
            return Task.FromResult(new HttpResponseMessage { Content = new StringContent("""{"code":0}""") });
        }
    }
}
