namespace Larkspur.Feishu.Tables;

/// <summary>Which types of C# go with which types of fields.</summary>
internal static class ClrKinds
{
    private static readonly HashSet<Type> Numbers =
    [
        typeof(decimal), typeof(double), typeof(float), typeof(long), typeof(ulong), typeof(int), typeof(uint), typeof(short),
            typeof(ushort),
        typeof(byte), typeof(sbyte),
    ];

    public static bool IsNumber(Type type) => Numbers.Contains(type);

    /// <summary>A list of text or of an enum: an array, or what a list or a set can stand for.</summary>
    public static bool IsList(Type type) => Item(type) is { } item && (item == typeof(string) || item.IsEnum);

    public static object? NewList(Type type, string[] texts)
    {
        var item = Item(type)!;
        var values = Array.CreateInstance(item, texts.Length);
        for (var at = 0; at < texts.Length; at++)
        {
            object? value = item == typeof(string) ? texts[at] : OptionNames.Find(item, texts[at]);
            if (value is null) return null;
            values.SetValue(value, at);
        }

        if (type.IsInstanceOfType(values)) return values;
        var list = typeof(List<>).MakeGenericType(item);
        var set = typeof(HashSet<>).MakeGenericType(item);
        return type.IsAssignableFrom(list) ? Activator.CreateInstance(list, values)
            : type.IsAssignableFrom(set) ? Activator.CreateInstance(set, values) : null;
    }

    /// <summary>Values of the type can be in cells of the field.</summary>
    public static bool Fits(Type type, TableField field)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (typeof(CellValue).IsAssignableFrom(bare)) return true;
        if (field.Type is TableFieldType.Formula or TableFieldType.Lookup)
            return field.ResultType is not { } result || IsList(bare) || Fits(bare, field with { Type = result, ResultType = null });
        return field.Type switch
        {
            TableFieldType.Text or TableFieldType.AutoNumber => bare == typeof(string) || bare == typeof(Guid) || bare.IsEnum
                || bare == typeof(Uri),
            TableFieldType.Number => IsNumber(bare),
            TableFieldType.SingleSelect => bare == typeof(string) || bare.IsEnum,
            TableFieldType.DateTime or TableFieldType.CreatedTime or TableFieldType.ModifiedTime =>
                bare == typeof(DateTimeOffset) || bare == typeof(DateTime) || bare == typeof(DateOnly),
            TableFieldType.Checkbox => bare == typeof(bool),
            TableFieldType.Phone => bare == typeof(string),
            TableFieldType.Url => bare == typeof(string) || bare == typeof(Uri),
            TableFieldType.MultiSelect => IsList(bare),
            TableFieldType.User or TableFieldType.CreatedUser or TableFieldType.ModifiedUser or TableFieldType.GroupChat
                or TableFieldType.Attachment or TableFieldType.SingleLink or TableFieldType.DuplexLink => bare == typeof(string)
                    || Item(bare) == typeof(string),
            _ => false,
        };
    }

    private static Type? Item(Type type)
    {
        if (type == typeof(string)) return null;
        if (type.IsArray) return type.GetElementType();
        return type.GetInterfaces().Prepend(type)
            .FirstOrDefault(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];
    }
}
