using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Hosts;
using Larkspur.Gateway.Approvals;
using Larkspur.Gateway.Commands;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Secrets;
using Larkspur.Gateway.Console;
using Larkspur.Gateway.Operations;
using Larkspur.Gateway.Operations.Figures;
using Larkspur.Gateway.Authorizations;
using Larkspur.Gateway.Authorizations.Page;
using Larkspur.Gateway.People.OpenId;
using Larkspur.Gateway.People.SignIn;
using Larkspur.Gateway.Platforms.DingTalk.Ingress;
using Larkspur.Gateway.Platforms.Feishu.Ingress;
using Larkspur.Gateway.Platforms.WeCom.Ingress;
using Larkspur.Gateway.Platforms.Web;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Settings.Branding;
using Larkspur.Gateway.Telemetry;
using Larkspur.Gateway.Telemetry.Prometheus;

namespace Larkspur.Gateway.Hosting;

/// <summary>The gateway as an object: build it, start it on any port, in any process.</summary>
public static class GatewayHost
{
    /// <summary>Builds the host; the caller starts and disposes it. Settings: environment and <paramref name="args"/>, see docs/settings.md.</summary>
    /// <param name="args">Settings as <c>--NAME value</c>; they come before the environment.</param>
    /// <param name="configure">Last changes: further configuration, a clock (<see cref="TimeProvider"/>), logging.</param>
    /// <exception cref="SettingsException">The settings have problems; all are listed.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        // Nothing of the entry assembly, the content root or the static web assets is looked at: the host is the same in a test and in production.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Larkspur.Gateway" });
        CommandLineSecrets.Refuse(args);
        builder.Configuration.AddEnvironmentVariables();
        builder.Configuration.AddCommandLine(args);
        ConfigurationFile.AddTo(builder.Configuration);
        builder.Services.AddGatewayLogging(builder.Configuration);
        configure?.Invoke(builder);
        // The last changes may have named another data folder, or a file of a secret.
        ConfigurationFile.AddTo(builder.Configuration);
        SecretFiles.AddTo(builder.Configuration);

        var secrets = new SecretRegistry();
        secrets.Tell(ConfiguredSecrets.Source, ConfiguredSecrets.Of(builder.Configuration));
        builder.Services.AddRedaction(secrets);
        try
        {
            return Build(builder);
        }
        catch (SettingsException e)
        {
            // A problem names what is set, and somebody may have set a secret where it does not belong.
            throw new SettingsException([.. e.Problems.Select(secrets.Hide)], RedactedException.Of(e, secrets));
        }
    }

    private static WebApplication Build(WebApplicationBuilder builder)
    {
        var reader = new SettingsReader(builder.Configuration);
        var settings = GatewaySettings.Read(reader, builder.Services);
        builder.Services.AddGateway(settings, reader);
        reader.ThrowIfWrong();
        builder.WebHost.UseGatewayKestrel(settings);

        var app = builder.Build();
        try
        {
            // Names that two commands have, and names that are switched off and are none, end the start here.
            _ = app.Services.GetRequiredService<CommandRegistry>();
            OwnFiles.Close(settings, builder.Configuration, app.Logger);
            // Collects from the first measurement on, not from the first look at the page.
            _ = app.Services.GetRequiredService<MetricsPage>();
            _ = app.Services.GetRequiredService<KeyFigures>();
            _ = app.Services.GetRequiredService<Backlog>();
            app.UseTrustedProxies(settings.TrustedProxies);
            app.UseGatewayAnswers();
            app.UseBorrowedAddresses();
            app.UseHostGate();
            app.UseReference();
            // Events and probes find their routes at once; the rest is made for whoever asks first.
            var console = LateRoutes.Add(app, ConsolePaths.Root, ConsolePaths.Circuits, ConsolePaths.Framework);
            var api = LateRoutes.Add(app, RestApi.Root, ApiPaths.Scim);
            var chat = LateRoutes.Add(app, WebChat.Page);
            var signIn = LateRoutes.Add(app, SignInPaths.Root);
            var authorizations = LateRoutes.Add(app, AuthorizationPaths.Root);
            var openId = LateRoutes.Add(app, OpenIdPaths.Root, OpenIdPaths.WellKnown);
            app.UseOwnRouting();
            app.MapFrontDoor();
            app.MapBrand();
            app.MapConsole(console);
            app.MapFeishuWebhooks();
            app.MapWeComWebhooks();
            app.MapDingTalkWebhooks();
            app.MapApprovalWebhooks();
            app.MapDiagnostics();
            app.MapRestApi(api);
            chat.MapWebChat();
            signIn.MapSignIn();
            openId.MapOpenId();
            authorizations.MapAuthorizationPages();
            return app;
        }
        catch
        {
            ((IDisposable)app).Dispose();
            throw;
        }
    }
}
