using GraphQL;
using GraphQL.Resolvers;
using GraphQL.Utilities;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Graph;

/// <summary>Connects schema fields to code; refusals become GraphQL errors with GitHub's types.</summary>
internal sealed class ResolverMap(SchemaBuilder builder)
{
    /// <summary>Maps the fields of one type; <paramref name="isType"/> tells its source objects from others of the same class.</summary>
    public TypeFields<TSource> Type<TSource>(string name, Func<TSource, bool>? isType = null)
        where TSource : class
    {
        TypeConfig type = builder.Types.For(name);
        type.IsTypeOfFunc = value => value is TSource source && (isType is null || isType(source));
        return new TypeFields<TSource>(type);
    }

    internal sealed class TypeFields<TSource>(TypeConfig type)
        where TSource : class
    {
        public TypeFields<TSource> Field(string name, Func<TSource, GraphContext, IResolveFieldContext, object?> resolve)
        {
            type.FieldFor(name).Resolver = new FuncFieldResolver<object?>(field => Run(field, resolve));
            return this;
        }

        public TypeFields<TSource> Field(string name, Func<TSource, object?> resolve) => Field(name, (source, _, _) => resolve(source));

        private static object? Run(IResolveFieldContext field, Func<TSource, GraphContext, IResolveFieldContext, object?> resolve)
        {
            try
            {
                return resolve((TSource)field.Source!, (GraphContext)field.UserContext, field);
            }
            catch (GitHubErrorException refusal)
            {
                throw new ExecutionError(refusal.Message) { Code = refusal.GraphType };
            }
        }
    }
}
