using System.Globalization;
using Larkspur.Gateway.People.Directory.Reading;

namespace Larkspur.Gateway.Platforms.WeCom.Directory;

/// <inheritdoc cref="IDirectoryReader"/>
/// <remarks>
/// Two credentials see different halves: the application's secret reads people in its visible range with their names, and the secret of the
/// address-book sync lists everybody's ids and nothing else (addresses that were added after August 2022). With both, everybody is known,
/// and
/// those in the range by name.
/// </remarks>
internal sealed class WeComDirectoryReader(WeComApps apps, TimeProvider clock) : AppDirectoryReader<WeComApp>(apps)
{
    protected override bool CanRead(WeComApp app) => app is { Client: not null, Settings.CorpId: not null };

    protected override Task<IDirectoryReading> OpenAsync(WeComApp app, CancellationToken cancellation)
    {
        if (app is not { Client: { } client, Settings: { CorpId: { } corp, Application: { } settings } })
            throw new DirectoryUnreadableException("no_address_book", $"The app \"{app.Name}\" is a bot alone: it reads no address book.");
        var agent = settings.AgentId?.ToString(CultureInfo.InvariantCulture);
        var credentials = HashOf(corp, agent, settings.Secret, app.Settings.Contacts?.Secret);
        return Task.FromResult<IDirectoryReading>(
            new WeComDirectoryReading(corp, credentials, client.Contacts, app.Contacts?.Contacts, clock));
    }
}
