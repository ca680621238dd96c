namespace Larkspur.Feishu.Tables;

/// <summary>The field of the table that a property is.</summary>
/// <param name="nameOrId">The field's name, or its id, which stays when it is renamed.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class TableFieldAttribute(string nameOrId) : Attribute
{
    /// <summary>The field's name or id.</summary>
    public string NameOrId { get; } = nameOrId;

    /// <summary>It holds the key of each row (<see cref="TableWriteOptions.KeyField"/>). One property at most.</summary>
    public bool Key { get; init; }

    /// <summary>
    /// It is read and never written, though the platform would take it. Fields that the platform keeps are so by themselves.
    /// </summary>
    public bool ReadOnly { get; init; }
}

/// <summary>A text property that gets the record's id, and says which record an update is of.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class TableRecordIdAttribute : Attribute;
