namespace Larkspur.Feishu.Approvals;

/// <summary>How callers name controls and options: the id first, then the custom id, then a name that only one has.</summary>
internal static class ApprovalFormKeys
{
    public static ApprovalControl? Find(IReadOnlyList<ApprovalControl> controls, string? key, out bool ambiguous)
    {
        ambiguous = false;
        if (string.IsNullOrEmpty(key)) return null;
        ApprovalControl? found = controls.FirstOrDefault(c => c.Id == key) ?? controls.FirstOrDefault(c => c.CustomId == key);
        return found ?? Only(controls.Where(c => c.Name == key), out ambiguous);
    }

    /// <summary>Where the options are not known, any key is taken.</summary>
    public static string? Option(ApprovalControl control, string given, out bool ambiguous)
    {
        ambiguous = false;
        if (control.Options.Count == 0 || control.Options.Any(o => o.Key == given)) return given;
        // With options from another system the list may be a part of theirs only.
        return Only(control.Options.Where(o => o.Text == given), out ambiguous)?.Key ?? (control.HasExternalOptions && !ambiguous ? given : null);
    }

    private static T? Only<T>(IEnumerable<T> fitting, out bool ambiguous) where T : class
    {
        T[] two = [.. fitting.Take(2)];
        ambiguous = two.Length > 1;
        return two.Length == 1 ? two[0] : null;
    }
}
