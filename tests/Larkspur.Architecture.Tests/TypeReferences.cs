using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Larkspur.Architecture.Tests;

/// <summary>Which types a compiled type uses: in signatures, fields, base types, attributes and the code of its methods. Constants are not seen: the compiler copies them.</summary>
internal static class TypeReferences
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Every type that a type names, each once.</summary>
    public static HashSet<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        Add(found, type.BaseType);
        foreach (var implemented in type.GetInterfaces()) Add(found, implemented);
        foreach (var attribute in type.GetCustomAttributesData()) Add(found, attribute.AttributeType);
        foreach (var field in type.GetFields(All)) Add(found, field.FieldType);
        foreach (var method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
        {
            if (method is MethodInfo { ReturnType: var returned }) Add(found, returned);
            foreach (var parameter in method.GetParameters()) Add(found, parameter.ParameterType);
            foreach (var used in InCode(method, type)) Add(found, used);
        }

        return found;
    }

    private static IEnumerable<Type> InCode(MethodBase method, Type type)
    {
        if (method.GetMethodBody() is not { } body) yield break;
        foreach (var local in body.LocalVariables) yield return local.LocalType;
        var code = body.GetILAsByteArray()!;
        var typeArguments = type.IsGenericType ? type.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethodDefinition ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            var operation = code[at] == 0xFE ? Codes[(short)(0xFE00 | code[at + 1])] : Codes[code[at]];
            at += operation.Size;
            if (operation.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                foreach (var used in TypesOf(method.Module.ResolveMember(BitConverter.ToInt32(code, at), typeArguments, methodArguments)))
                    yield return used;
            }

            at += OperandLength(operation, code, at);
        }
    }

    private static IEnumerable<Type> TypesOf(MemberInfo? member)
    {
        if (member is Type type) yield return type;
        if (member?.DeclaringType is { } declaring) yield return declaring;
        if (member is FieldInfo field) yield return field.FieldType;
        if (member is not MethodBase method) yield break;
        if (method is MethodInfo { ReturnType: var returned }) yield return returned;
        foreach (var parameter in method.GetParameters()) yield return parameter.ParameterType;
        if (method.IsGenericMethod) foreach (var argument in method.GetGenericArguments()) yield return argument;
    }

    private static int OperandLength(OpCode operation, byte[] code, int at) => operation.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
        _ => 4,
    };

    private static void Add(HashSet<Type> found, Type? type)
    {
        if (type is null || type.IsGenericParameter) return;
        if (type.HasElementType) Add(found, type.GetElementType());
        if (type.IsConstructedGenericType) foreach (var argument in type.GetGenericArguments()) Add(found, argument);
        if (type.IsDefined(typeof(CompilerGeneratedAttribute), false) && type.DeclaringType is null) return;
        found.Add(type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type);
    }
}
