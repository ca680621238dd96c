using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People.Directory.Reading;

namespace Larkspur.Gateway.Platforms.WeCom.Directory;

/// <inheritdoc cref="IDirectoryReader"/>
/// <remarks>
/// Two credentials see different halves: the application's secret reads people in its visible range with their names, and the secret of the
/// address-book sync lists everybody's ids and nothing else (addresses that were added after August 2022). With both, everybody is known,
/// and
/// those in the range by name.
/// </remarks>
internal sealed class WeComDirectoryReader(WeComApps apps, TimeProvider clock) : IDirectoryReader
{
    public string Platform => WeComApps.Platform;

    public IReadOnlyList<string> Apps => [.. apps.All.Where(a => a.Client is not null && a.Settings.CorpId is not null).Select(a => a.Name)
        .OrderBy(n => n != WeComSettings.Default).ThenBy(n => n, StringComparer.Ordinal)];

    public async Task<IDirectoryReading> OpenAsync(string app, CancellationToken cancellation)
    {
        var known = Get(app);
        if (known.Client is not { } client || known.Settings is not { CorpId: { } corp, Application: { } settings })
            throw new DirectoryUnreadableException("no_address_book", $"The app \"{app}\" is a bot alone: it reads no address book.");
        var departments = await client.Contacts.DepartmentsAsync(cancellationToken: cancellation);
        var all = known.Contacts is { } contacts ? await contacts.Contacts.DepartmentIdsAsync(cancellation) : [];
        var credentials = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture,
                $"{corp}\n{settings.AgentId}\n{settings.Secret}\n{known.Settings.Contacts?.Secret}"))))[..32];
        return new WeComDirectoryReading(corp, credentials, client.Contacts, known.Contacts?.Contacts, departments, all, clock);
    }

    private WeComApp Get(string app)
    {
        try
        {
            return apps.Get(app);
        }
        catch (ChannelException e)
        {
            throw new DirectoryUnreadableException("app_away", e.Message, e);
        }
    }
}
