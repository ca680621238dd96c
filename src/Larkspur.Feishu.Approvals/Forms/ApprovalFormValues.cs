namespace Larkspur.Feishu.Approvals;

/// <summary>The filled-in form of an instance, typed. Reading never fails: see <see cref="ApprovalOtherValue"/>.</summary>
/// <param name="Items">The controls, in the form's order.</param>
public sealed record ApprovalFormValues(IReadOnlyList<ApprovalFilledControl> Items)
{
    /// <summary>The value of a control by its id, else its custom id, else its name when only one has it; null: it was not filled in.</summary>
    public ApprovalValue? this[string idOrName] => Find(idOrName)?.Value;

    /// <summary>A filled-in control by its id, else its custom id, else its name when only one has it.</summary>
    public ApprovalFilledControl? Find(string idOrName)
    {
        ApprovalFilledControl? found = Items.FirstOrDefault(i => i.Id == idOrName) ?? Items.FirstOrDefault(i => i.CustomId == idOrName);
        if (found is not null) return found;
        ApprovalFilledControl[] named = [.. Items.Where(i => i.Name == idOrName).Take(2)];
        return named.Length == 1 ? named[0] : null;
    }

    /// <summary>Reads the form of an instance: the JSON array in its <c>form</c>.</summary>
    public static ApprovalFormValues Parse(string? form) => ApprovalFormValuesReader.Read(form);
}

/// <summary>A control of an instance's form.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CustomId">Its author's id for it, or null.</param>
/// <param name="Name">What people see.</param>
/// <param name="Type">Wire type.</param>
/// <param name="Kind">What the type holds.</param>
/// <param name="Value">What was filled in.</param>
public sealed record ApprovalFilledControl(string Id, string? CustomId, string Name, string Type, ApprovalControlKind Kind, ApprovalValue Value);
