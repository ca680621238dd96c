namespace Larkspur.Feishu.Tables;

/// <summary>
/// Names the cell that the platform refused, where it can be known: the text of the refusal names the field, or only one field of the row
/// has the type that the code is about. No page says that the platform names it (UNVERIFIED).
/// </summary>
internal static class CellSuspect
{
    public static CellProblem Problem(PendingRow row, FeishuApiException refused, TableFields fields)
    {
        var written = (row.Fields ?? []).Select(value => fields.Find(value.Key)).OfType<TableField>().ToList();
        var suspects = written.Where(field => TableFailures.IsAbout(refused.Code, field.Type)).ToList();
        var named = suspects.Where(field => refused.Msg.Contains(field.Id, StringComparison.Ordinal)
            || field.Name.Length > 0 && refused.Msg.Contains(field.Name, StringComparison.Ordinal)).ToList();
        var found = named.Count == 1 ? named[0] : suspects.Count == 1 ? suspects[0] : null;
        return new(found?.Name, CellRefusal.Platform, $"the platform refused it: {refused.Code} {refused.Msg}", refused.Code);
    }
}
