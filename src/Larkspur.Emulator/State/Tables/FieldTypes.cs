namespace Larkspur.Emulator.State.Tables;

/// <summary>Types of fields by their number on the wire. Source: bitable-v1/app-table-field/guide.</summary>
public static class FieldTypes
{
    public const int Text = 1;
    public const int Number = 2;
    public const int SingleSelect = 3;
    public const int MultiSelect = 4;
    public const int DateTime = 5;
    public const int Checkbox = 7;
    public const int User = 11;
    public const int Phone = 13;
    public const int Url = 15;
    public const int Attachment = 17;
    public const int SingleLink = 18;
    public const int Lookup = 19;
    public const int Formula = 20;
    public const int DuplexLink = 21;
    public const int Location = 22;
    public const int GroupChat = 23;
    public const int CreatedTime = 1001;
    public const int ModifiedTime = 1002;
    public const int CreatedUser = 1003;
    public const int ModifiedUser = 1004;
    public const int AutoNumber = 1005;

    /// <summary>What a table's first field may be.</summary>
    public static bool MayBePrimary(int type) => type is Text or Number or DateTime or Phone or Url or Formula or Location;

    public static bool IsSelect(int type) => type is SingleSelect or MultiSelect;

    public static bool IsLink(int type) => type is SingleLink or DuplexLink;

    /// <summary>Its values come from elsewhere: nobody writes them.</summary>
    public static bool IsComputed(int type) => type is Lookup or Formula or >= CreatedTime and <= AutoNumber;

    /// <summary>The <c>ui_type</c>s of a type, the usual one first; empty: there is no such type.</summary>
    public static string[] UiTypes(int type) => type switch
    {
        Text => ["Text", "Email", "Barcode"],
        Number => ["Number", "Currency", "Progress", "Rating"],
        SingleSelect => ["SingleSelect"],
        MultiSelect => ["MultiSelect"],
        DateTime => ["DateTime"],
        Checkbox => ["Checkbox"],
        User => ["User"],
        Phone => ["Phone"],
        Url => ["Url"],
        Attachment => ["Attachment"],
        SingleLink => ["SingleLink"],
        Lookup => ["Lookup"],
        Formula => ["Formula"],
        DuplexLink => ["DuplexLink"],
        Location => ["Location"],
        GroupChat => ["GroupChat"],
        CreatedTime => ["CreatedTime"],
        ModifiedTime => ["ModifiedTime"],
        CreatedUser => ["CreatedUser"],
        ModifiedUser => ["ModifiedUser"],
        AutoNumber => ["AutoNumber"],
        _ => [],
    };
}
