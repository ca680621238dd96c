using Larkspur.Gateway.Common;
using Larkspur.Gateway.People.Directory.Listening;
using Larkspur.Gateway.People.Directory.Rest;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.People.Directory.Sync;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory;

/// <summary>The company's directories, kept true. Each platform registers its <see cref="Reading.IDirectoryReader"/>.</summary>
internal static class DirectoryServices
{
    /// <returns>Its options.</returns>
    public static DirectoryOptions AddDirectory(this IServiceCollection services, SettingsReader settings)
    {
        var options = settings.Read<DirectoryOptions>();
        services.AddSingleton(options);
        services.AddSingleton<DirectorySignal>();
        services.AddSingleton<DirectoryHints>();
        services.AddSingleton<DirectoryWebhooks>();
        services.AddSingleton<MemberChanges>();
        services.AddSingleton<MemberImport>();
        services.AddSingleton<DepartmentImport>();
        services.AddSingleton<DirectorySweep>();
        services.AddSingleton<PersonMatches>();
        services.AddSingleton<RunStore>();
        services.AddSingleton<DirectorySync>();
        services.AddSingleton<HintWork>();
        services.AddSingleton<DirectoryWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<DirectoryWorker>());
        services.AddHostedService<OutageWatch>();
        services.AddSchedule<DirectoryNightly>(DirectoryNightly.Name, DirectoryNightly.Cron);
        services.AddRetention("runs of directories", o => o.Keep, RunStore.PruneAsync);
        services.AddRetention("changes of directories", o => o.KeepRecords, ChangeRows.PruneAsync);
        services.AddRetention("leavers' directory entries", _ => options.KeepLeavers, MemberRow.PruneAsync);
        services.AddSingleton<DirectoryEndpoints>();
        services.AddSingleton<PeopleList>();
        return options;
    }
}
