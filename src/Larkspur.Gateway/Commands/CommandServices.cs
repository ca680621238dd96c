using Larkspur.Gateway.Authorizations.Resuming;
using Larkspur.Gateway.Commands.InOwnName;
using Larkspur.Gateway.Commands.BuiltIn;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Commands.Plugins;
using Larkspur.Gateway.Commands.Registered;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Commands;

internal static class CommandServices
{
    /// <summary>The table of commands. Plug-ins come last: what the gateway brings itself has its names first.</summary>
    public static void AddCommands(this IServiceCollection services, SettingsReader settings)
    {
        services.AddSingleton(settings.Read<BotOptions>());
        services.AddSingleton<CommandRunner>();
        services.AddSingleton<ICommandSource, OwnCommands>();
        services.AddSingleton<IOwnNameCommand, AgendaCommand>();
        services.AddSingleton<IOwnNameCommand, ApprovalsCommand>();
        services.AddSingleton<OwnNameCommands>();
        services.AddSingleton<ICommandSource>(provider => provider.GetRequiredService<OwnNameCommands>());
        services.AddSingleton<IAuthorizationResume>(provider => provider.GetRequiredService<OwnNameCommands>());
        services.AddSingleton<ICommandSource, PluginCommands>();
        services.AddSingleton<CommandRegistry>();
        services.AddSingleton<BotMessages>();
        // Each says itself when its time is over.
        services.AddRetention("values of plug-ins", _ => TimeSpan.Zero, PluginValues.PruneAsync);
        services.AddRegisteredCommands();
    }

    private static void AddRegisteredCommands(this IServiceCollection services)
    {
        services.AddSingleton<RegisteredCommandStore>();
        services.AddSingleton(provider => provider.GetRequiredService<RegisteredCommandStore>().CachedTable);
        services.AddSingleton<RegisteredCommands>();
        services.AddSingleton<CallStore>();
        // When what was sent for them is forgotten.
        services.AddRetention("calls of commands", o => o.Keep, CallStore.PruneAsync);
        services.AddSingleton<CallEvents>();
        services.AddSingleton<CallAnswers>();
        services.AddSingleton<CommandEndpoints>();
        services.AddSingleton<FormClicks>();
        services.OnCardAction<FormClicks>(CardKinds.CommandForm, on => on.HandleAsync);
        services.AddSchedule<CallReminders>("command-reminders", CallReminders.Interval);
    }
}
