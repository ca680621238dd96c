using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.People.Departments;

namespace Larkspur.Gateway.Platforms.Feishu;

/// <inheritdoc cref="IDepartmentTree"/>
/// <remarks>The platform leaves out what is above the app's contact range, and does not say so: that all are known shows in the topmost, which is directly below the root.</remarks>
internal sealed class FeishuDepartments(FeishuApps apps) : IDepartmentTree
{
    private const string Root = "0";
    private const string IdType = "open_department_id";

    /// <summary>The platform's largest page, and deeper than a company has departments in departments.</summary>
    private const int MostAbove = 50;

    private static readonly FeishuCallOptions Call = new() { Timeout = TimeSpan.FromSeconds(1.5), MaxAttempts = 1 };

    public string Platform => PlatformNames.Feishu;

    public async Task<DepartmentsAbove> ReadAsync(string app, string department, CancellationToken cancellation)
    {
        if (department == Root) return new DepartmentsAbove([], true);
        var departments = apps.Get(app).Client.Contact.V3.Department;
        var own = await departments.GetAsync(new() { DepartmentId = department, DepartmentIdType = IdType }, Call, cancellation);
        if (own.Department?.ParentDepartmentId == Root) return new DepartmentsAbove([Root], true);
        var above = await departments.ParentAsync(new() { DepartmentId = department, DepartmentIdType = IdType, PageSize = MostAbove }, Call, cancellation);
        var ids = (above.Items ?? []).Select(d => d.OpenDepartmentId).OfType<string>().ToList();
        return above.Items is [.., { ParentDepartmentId: Root }] && above.HasMore != true ? new DepartmentsAbove([.. ids, Root], true) : new DepartmentsAbove(ids, false);
    }
}
