package dev.loopline.autoconfigure.clients;

import java.lang.reflect.Method;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * Tells the beans that an auto-configuration of Boot has made from those of the
 * application.
 *
 * @param beans knows who makes a bean
 * @param packageName of the auto-configuration
 */
record BootsBeans(ConfigurableListableBeanFactory beans, String packageName) {

	boolean contain(String beanName) {
		BeanDefinition definition = this.beans.containsBeanDefinition(beanName)
				? this.beans.getMergedBeanDefinition(beanName) : null;
		Method factory = (definition instanceof RootBeanDefinition root) ? root.getResolvedFactoryMethod() : null;
		return factory != null && factory.getDeclaringClass().getPackageName().equals(this.packageName);
	}

}
