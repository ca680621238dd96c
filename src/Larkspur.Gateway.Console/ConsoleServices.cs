using Larkspur.Gateway.Common;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Console.Assets;
using Larkspur.Gateway.Console.LogIn;
using Larkspur.Gateway.Console.Pages;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.Console.SignIn;
using Larkspur.Gateway.Doctor;
using Larkspur.Gateway.People.Handover;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Settings;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Larkspur.Gateway.Console;

/// <summary>The admin console at <c>/console</c>: Razor components, rendered on the server and kept live over a WebSocket.</summary>
internal static class ConsoleServices
{
    public static void AddConsole(this IServiceCollection services, SettingsReader settings)
    {
        services.AddSingleton(ConsoleSettings.Read(settings));
        services.AddSingleton<Passwords>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<AccountPeople>();
        services.AddSingleton<IPersonMerged>(provider => provider.GetRequiredService<AccountPeople>());
        services.AddSingleton<IHandoverPart>(provider => provider.GetRequiredService<AccountPeople>());
        services.AddSingleton<IJoinGuard>(provider => provider.GetRequiredService<AccountPeople>());
        services.AddSingleton<AccountStore>();
        services.AddSingleton<RoleRules>();
        services.AddSingleton<IPersonMerged>(provider => provider.GetRequiredService<RoleRules>());
        services.AddSingleton<SignedInAccounts>();
        services.AddSingleton<ConsoleSignIn>();
        services.AddSingleton<ISignInSessionEnd, ConsoleSignInEnd>();
        services.AddSchedule<RoleCheck>(RoleCheck.Name, RoleCheck.Interval);
        services.AddSingleton<IDoctorCheck, ConsoleAccountsCheck>();
        services.AddSingleton<LogInPageService>();
        services.AddSingleton<PendingLogIns>();
        services.AddSingleton<SecondFactors>();
        foreach (var sealedColumns in SecondFactors.Columns) services.AddSingleton(sealedColumns);
        services.AddSingleton<SessionProof>();
        services.AddSingleton<SessionRevocations>();
        services.AddSetting(SecondFactorPolicy.Definition);
        services.AddSingleton<SetupCodes>();
        services.AddSingleton<AddressLimit>();
        services.AddSingleton<KnownBrowser>();
        services.AddSingleton<ConsoleAssets>();
        services.AddHostedService<FirstAccount>();

        services.AddAntiforgery(options =>
        {
            options.Cookie = new FormCookie { Name = "larkspur-form", SameSite = SameSiteMode.Strict, HttpOnly = true, IsEssential = true };
            // The console's policy says the same.
            options.SuppressXFrameOptionsHeader = true;
        });
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            // A closed lid for a while, and not a thousand of them.
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3);
            circuits.DisconnectedCircuitMaxRetained = 50;
            circuits.DetailedErrors = false;
        }).AddHubOptions(hub => hub.MaximumReceiveMessageSize = 256 << 10);
        services.AddScoped<Questions>();
        services.AddScoped<Toasts>();
        services.AddScoped(provider => new Visitor(
            provider.GetRequiredService<AuthenticationStateProvider>(), provider.GetRequiredService<Sessions>(), provider.GetRequiredService<SessionProof>()));
        services.AddScoped<CircuitHandler, SessionWatch>();
        services.AddPages();
    }

    public static void MapConsole(this WebApplication app, IEndpointRouteBuilder routes)
    {
        app.UseConsoleGate();
        app.UseAntiforgery();
        ConsoleAssets.Map(routes);
        routes.MapLogIn();
        ConsoleSignIn.Map(routes);
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode(options =>
        {
            options.ContentSecurityFrameAncestorsPolicy = null;
            // What it carries may hold secrets beside what others wrote.
            options.DisableWebSocketCompression = true;
        }).ExcludeFromDescription();
    }
}
