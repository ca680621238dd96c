using System.Globalization;
using Larkspur.Gateway.People.Departments;

namespace Larkspur.Gateway.Platforms.DingTalk.Bot;

/// <inheritdoc cref="IDepartmentTree"/>
internal sealed class DingTalkDepartments(DingTalkApps apps) : IDepartmentTree
{
    private const long Root = 1;

    public string Platform => DingTalkApps.Platform;

    public async Task<DepartmentsAbove> ReadAsync(string app, string department, CancellationToken cancellation)
    {
        if (!long.TryParse(department, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)) return DepartmentsAbove.Unknown;
        // The department itself stands first, the root last.
        var branch = await apps.Get(app).Client.Contacts.ListAboveAsync(id, cancellation);
        return new DepartmentsAbove([.. branch.Select(d => d.ToString(CultureInfo.InvariantCulture))], branch is [.., Root]);
    }
}
