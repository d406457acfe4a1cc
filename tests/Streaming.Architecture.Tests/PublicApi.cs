using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Streaming.Architecture.Tests;

/// <summary>
/// What an assembly offers to others, one line a type or member, sorted; types within a line go by their short names. What the compiler adds
/// to records and delegates is left out, nullable annotations too.
/// </summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(Assembly assembly) => assembly.GetExportedTypes().SelectMany(Lines).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Lines(Type type)
    {
        var name = $"{type.DeclaringType?.FullName ?? type.Namespace}.{Name(type)}".TrimStart('.');
        var bases = new[] { type.BaseType }.Concat(type.GetInterfaces()).OfType<Type>().Where(each => each != typeof(object) && each != typeof(ValueType) && each.IsVisible);
        yield return $"{name}: {Kind(type)} {string.Join(", ", bases.Select(Name).Order(StringComparer.Ordinal))}".TrimEnd();
        var isDelegate = typeof(Delegate).IsAssignableFrom(type);
        foreach (var member in type.GetMembers(Declared).Where(member => !isDelegate || member.Name == "Invoke"))
        {
            if (Line(member) is { } line)
            {
                yield return $"{name}.{line}";
            }
        }
    }

    private static string? Line(MemberInfo member) => member switch
    {
        FieldInfo field when IsOffered(field.IsPublic, field.IsFamily, field.IsFamilyOrAssembly) && !field.IsSpecialName =>
            $"{field.Name}: {Modifiers(field)}{Name(field.FieldType)}{(field.IsLiteral ? $" = {Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}" : "")}",
        PropertyInfo property when Accessors(property) is { Length: > 0 } accessors && property.Name != "EqualityContract" =>
            $"{property.Name}{(property.GetIndexParameters() is { Length: > 0 } indexes ? $"[{Parameters(indexes)}]" : "")}: {Modifiers(property)}{Name(property.PropertyType)} {accessors}",
        EventInfo { AddMethod: { IsPublic: true } add } raised => $"{raised.Name}: {(add.IsStatic ? "static " : "")}event {Name(raised.EventHandlerType!)}",
        ConstructorInfo { IsStatic: false } constructor when IsOffered(constructor) => $"new({Parameters(constructor.GetParameters())})",
        MethodInfo method when IsOffered(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) && !IsGenerated(method) =>
            $"{method.Name}{Generic(method.GetGenericArguments())}({Parameters(method.GetParameters())}): {Modifiers(method)}{Name(method.ReturnType)}",
        _ => null,
    };

    private static bool IsOffered(MethodBase method) => IsOffered(method.IsPublic, method.IsFamily, method.IsFamilyOrAssembly) && !(method.DeclaringType!.IsSealed && !method.IsPublic);

    private static bool IsOffered(bool isPublic, bool isFamily, bool isFamilyOrAssembly) => isPublic || isFamily || isFamilyOrAssembly;

    private static bool IsGenerated(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute));

    private static string Accessors(PropertyInfo property)
    {
        var get = property.GetMethod is { } getter && IsOffered(getter) ? "get;" : "";
        var set = property.SetMethod is { } setter && IsOffered(setter)
            ? setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init;" : "set;"
            : "";
        return string.Join(' ', new[] { get, set }.Where(accessor => accessor.Length > 0));
    }

    private static string Modifiers(MemberInfo member)
    {
        var method = member as MethodBase ?? (member as PropertyInfo)?.GetAccessors(nonPublic: true)[0];
        string[] words =
        [
            method is { IsPublic: false } || member is FieldInfo { IsPublic: false } ? "protected" : "",
            method is { IsStatic: true } || member is FieldInfo { IsStatic: true, IsLiteral: false } ? "static" : "",
            member is FieldInfo { IsLiteral: true, DeclaringType.IsEnum: false } ? "const" : "",
            member is FieldInfo { IsInitOnly: true } ? "readonly" : "",
            member.IsDefined(typeof(RequiredMemberAttribute)) ? "required" : "",
            method is { IsAbstract: true, DeclaringType.IsInterface: false } ? "abstract" : "",
            method is { IsVirtual: true, IsAbstract: false, IsFinal: false, DeclaringType.IsSealed: false } ? "virtual" : "",
        ];
        return string.Concat(words.Where(word => word.Length > 0).Select(word => word + " "));
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(parameter =>
        $"{(parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : "")}{Name(parameter.ParameterType)} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {(parameter.DefaultValue is { } value ? Convert.ToString(value, CultureInfo.InvariantCulture) : "null")}" : "")));

    private static string Name(Type type)
    {
        if (type.HasElementType)
        {
            return Name(type.GetElementType()!) + (type.IsArray ? "[]" : type.IsPointer ? "*" : "");
        }

        return Nullable.GetUnderlyingType(type) is { } underlying ? Name(underlying) + "?" : type.Name.Split('`')[0] + Generic(type.GetGenericArguments());
    }

    private static string Generic(Type[] arguments) => arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(Name))}>";
}
