using System.Globalization;

namespace Larkspur.WeCom.Approvals;

/// <summary>Which approvals to list. Filters of different keys all hold; several departments are one or the other, and no other key may be there twice.</summary>
/// <param name="Key"><c>template_id</c>, <c>creator</c>, <c>department</c>, <c>sp_status</c>, <c>record_type</c>.</param>
/// <param name="Value">Its value.</param>
public sealed record ApprovalFilter(string Key, string Value)
{
    /// <summary>Of one form.</summary>
    public static ApprovalFilter Template(string templateId) => new("template_id", templateId);

    /// <summary>Of one applicant.</summary>
    public static ApprovalFilter Creator(string userId) => new("creator", userId);

    /// <summary>Of one department.</summary>
    public static ApprovalFilter Department(long id) => new("department", id.ToString(CultureInfo.InvariantCulture));

    /// <summary>In one state.</summary>
    public static ApprovalFilter Status(ApprovalStatus status) => new("sp_status", ((int)status).ToString(CultureInfo.InvariantCulture));
}
