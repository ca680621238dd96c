namespace Larkspur.Feishu.Tables;

/// <summary>The type of a field, with the platform's number. A number that is not named here is a type newer than this library.</summary>
public enum TableFieldType
{
    /// <summary>Text; also e-mail addresses and barcodes (<see cref="TableField.UiType"/>).</summary>
    Text = 1,

    /// <summary>A number; also an amount of money, a progress, a rating.</summary>
    Number = 2,

    /// <summary>One of several options.</summary>
    SingleSelect = 3,

    /// <summary>Some of several options.</summary>
    MultiSelect = 4,

    /// <summary>A date, with a time or without.</summary>
    DateTime = 5,

    /// <summary>A checkbox.</summary>
    Checkbox = 7,

    /// <summary>People.</summary>
    User = 11,

    /// <summary>A telephone number.</summary>
    Phone = 13,

    /// <summary>A link with a text.</summary>
    Url = 15,

    /// <summary>Files.</summary>
    Attachment = 17,

    /// <summary>Records of another table.</summary>
    SingleLink = 18,

    /// <summary>What linked records hold; read only.</summary>
    Lookup = 19,

    /// <summary>What is computed; read only.</summary>
    Formula = 20,

    /// <summary>Records of another table, which shows the link too.</summary>
    DuplexLink = 21,

    /// <summary>A place.</summary>
    Location = 22,

    /// <summary>Chats.</summary>
    GroupChat = 23,

    /// <summary>A stage of a process; read only.</summary>
    Stage = 24,

    /// <summary>When the record was made; read only.</summary>
    CreatedTime = 1001,

    /// <summary>When the record was last changed; read only.</summary>
    ModifiedTime = 1002,

    /// <summary>Who made the record; read only.</summary>
    CreatedUser = 1003,

    /// <summary>Who last changed the record; read only.</summary>
    ModifiedUser = 1004,

    /// <summary>A number that the platform counts; read only.</summary>
    AutoNumber = 1005,

    /// <summary>A button; it holds nothing.</summary>
    Button = 3001,
}
