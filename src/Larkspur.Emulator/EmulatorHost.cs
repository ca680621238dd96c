using Larkspur.Emulator.Company;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Dify;
using Larkspur.Emulator.DingTalk;
using Larkspur.Emulator.Feishu;
using Larkspur.Emulator.Web;
using Larkspur.Emulator.WeCom;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Larkspur.Emulator;

/// <summary>The emulator as an object: build it, start it on any port, in any process.</summary>
public static class EmulatorHost
{
    /// <summary>Builds the host; the caller starts and disposes it. Settings: environment and <paramref name="args"/>, see docs/emulator.md.</summary>
    /// <param name="configure">May register an <see cref="EmulatorSettings"/> of its own.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        var hadUrls = builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey) is { Length: > 0 };
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 80L << 20;
        });
        // The inspector shows every call; a line for each in the log would only hide what matters.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        configure?.Invoke(builder);
        builder.Services.TryAddSingleton(services => EmulatorSettings.From(services.GetRequiredService<IConfiguration>()));
        builder.Services.AddSingleton(services => new VirtualClock(services.GetRequiredService<EmulatorSettings>().RealTime));
        builder.Services.AddSingleton(services => new IdSource(services.GetRequiredService<EmulatorSettings>().Seed));
        builder.Services.AddSingleton<EmulatorState>();
        builder.Services.AddSingleton<RateWindows>();
        builder.Services.AddSingleton<FaultRules>();
        builder.Services.AddCompany();
        builder.Services.AddFeishu();
        builder.Services.AddWeCom();
        builder.Services.AddDingTalk();
        builder.Services.AddDify();
        builder.Services.AddControl();
        builder.Services.AddWebClient();
        builder.Services.AddResettableStates();

        var app = builder.Build();
        var settings = app.Services.GetRequiredService<EmulatorSettings>();
        if (!hadUrls && builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey) is not { Length: > 0 })
        {
            foreach (var url in settings.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) app.Urls.Add(url);
        }

        SeededCompany.Fill(app.Services.GetRequiredService<EmulatorState>(), settings.Apps);
        app.UseMiddleware<LoopbackGuard>();
        app.UseRouting();
        app.UseWebSockets();
        foreach (var platform in app.Services.GetServices<IEmulatedPlatform>()) platform.Map(app);
        app.MapControl();
        app.MapWebClient();
        return app;
    }
}
